import path from 'node:path';
import { PatchbayError } from '../../../shared/model/error.ts';
import type { Platform } from '../data-folder.ts';
import { asReadError, isMissing } from '../files/file-errors.ts';
import type { FileFacts, Files } from '../files/files.ts';

/** The real file behind a config path, checked to be one that we may replace. */
export interface WriteTarget {
  /** Without links in it. */
  path: string;
  facts: FileFacts;
}

/**
 * Follows links to the file itself: replacing a link would cut it off from its dotfiles (A10). Throws
 * CONFIG_UNSAFE_PATH for what is no plain file of this person, CONFIG_NOT_WRITABLE for one that is read-only, and
 * changes nothing to find out.
 */
export async function resolveWriteTarget(
  files: Files,
  file: string,
  platform: Platform,
): Promise<WriteTarget> {
  const unsafe = (what: string, hint: string): PatchbayError =>
    new PatchbayError('CONFIG_UNSAFE_PATH', `${file} ${what}`, { path: file, hint });

  let target: WriteTarget;
  let allowed: string;
  try {
    const real = await files.realPath(file);
    target = { path: real, facts: await files.facts(real) };
    // A folder that the person named (CLAUDE_CONFIG_DIR) may be elsewhere; a link may not lead there unasked.
    allowed = await files.realPath(isInside(file, platform.home) ? platform.home : path.dirname(file));
  } catch (error) {
    throw asReadError(error, file);
  }
  if (target.facts.kind !== 'file')
    throw unsafe('is not a regular file.', 'Patchbay edits plain files only.');
  if (!isInside(target.path, allowed)) {
    throw unsafe(
      `is a link that leads out of your home folder, to ${target.path}.`,
      'Patchbay follows links inside your home folder only.',
    );
  }
  if (target.facts.links > 1) {
    throw unsafe(
      `is one of ${target.facts.links} names (hard links) of the same file.`,
      'Replacing it would part them: make it a file of its own and try again.',
    );
  }
  await assertWritable(files, target, file);
  return target;
}

async function assertWritable(files: Files, target: WriteTarget, file: string): Promise<void> {
  const folder = path.dirname(target.path);
  const readOnly = (what: string): PatchbayError =>
    new PatchbayError('CONFIG_NOT_WRITABLE', `${what} is read-only. Nothing was changed.`, {
      path: file,
      hint: 'Somebody may have meant it: make it writable yourself, then try again.',
    });
  // The bits are asked too, as the superuser may write to everything and must respect them all the same.
  if ((target.facts.mode & 0o200) === 0 || !(await files.isWritable(target.path)))
    throw readOnly(target.path);
  const { mode } = await files.facts(folder);
  if ((mode & 0o222) === 0 || !(await files.isWritable(folder))) throw readOnly(folder);
}

function isInside(file: string, folder: string): boolean {
  const relative = path.relative(folder, file);
  return (
    relative !== '' &&
    !relative.startsWith(`..${path.sep}`) &&
    relative !== '..' &&
    !path.isAbsolute(relative)
  );
}

/** Like `resolveWriteTarget`, with a file that is gone as null. */
export async function findWriteTarget(
  files: Files,
  file: string,
  platform: Platform,
): Promise<WriteTarget | null> {
  try {
    await files.linkFacts(file);
  } catch (error) {
    if (isMissing(error)) return null;
    throw asReadError(error, file);
  }
  return await resolveWriteTarget(files, file, platform);
}
