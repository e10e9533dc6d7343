import path from 'node:path';
import { z } from 'zod';
import { PatchbayError } from '../../../shared/model/error.ts';
import type { DataFolder } from '../data-folder.ts';
import { withDataLock } from '../files/data-lock.ts';
import { isMissing } from '../files/file-errors.ts';
import { writeOwnFile } from '../files/replace-file.ts';
import type { Storage } from '../files/storage.ts';

const MAX_FILE_BYTES = 8 * 1024 * 1024;

/** Unknown keys are kept: a newer version may have written them. */
const SecretsDocument = z.looseObject({
  version: z.literal(1),
  /** Values of `${secret:NAME}` by name. */
  secrets: z.record(z.string(), z.string()),
  /** Logins at remote servers, by a key of their owner; never to be had as `${secret:…}`. */
  credentials: z.record(z.string(), z.unknown()),
});
export type SecretsDocument = z.infer<typeof SecretsDocument>;

/** Where a hub without the desktop's keychain keeps secrets: plain text, protected by the mode of file and folder. */
export const secretsFile = (data: DataFolder): string => path.join(data.root, 'secrets.json');

/**
 * All of the file; an empty document when there is none. Throws DATA_FOLDER_UNSAFE when anyone but its owner could
 * have read or written it, CONFIG_MALFORMED when it is damaged. No message holds a piece of its text.
 */
export async function readSecretsFile(storage: Storage, data: DataFolder): Promise<SecretsDocument> {
  const file = secretsFile(data);
  let bytes: Uint8Array;
  try {
    await assertPrivate(storage, file);
    bytes = await storage.files.read(file, MAX_FILE_BYTES);
  } catch (error) {
    if (isMissing(error)) return { version: 1, secrets: {}, credentials: {} };
    throw error;
  }
  try {
    return SecretsDocument.parse(JSON.parse(Buffer.from(bytes).toString()));
  } catch {
    // Not as the cause either: the messages of JSON.parse quote the text around the fault.
    throw new PatchbayError('CONFIG_MALFORMED', `${file} is not a file of secrets as Patchbay writes them.`, {
      path: file,
      hint: 'Repair it, or move it away and set the secrets anew with: patchbay secrets set NAME',
    });
  }
}

/** Reads, changes and writes the file under the data folder's lock; it and its temporary file are 0600 throughout. */
export async function changeSecretsFile<T>(
  storage: Storage,
  data: DataFolder,
  change: (document: SecretsDocument) => T,
): Promise<T> {
  return withDataLock(storage, data, 'a change of the secrets', () => editSecretsFile(storage, data, change));
}

/** The same for callers that hold the data folder's lock. */
export async function editSecretsFile<T>(
  storage: Storage,
  data: DataFolder,
  change: (document: SecretsDocument) => T,
): Promise<T> {
  const document = await readSecretsFile(storage, data);
  const before = JSON.stringify(document);
  const result = change(document);
  if (JSON.stringify(document) !== before) {
    await writeOwnFile(storage, secretsFile(data), Buffer.from(`${JSON.stringify(document, null, 2)}\n`));
  }
  return result;
}

/** Modes say nothing on Windows, where the profile folder's access list protects the file. */
async function assertPrivate({ files, os }: Storage, file: string): Promise<void> {
  const facts = await files.linkFacts(file);
  if (facts.kind !== 'file') {
    throw new PatchbayError('DATA_FOLDER_UNSAFE', `${file} is not a plain file.`, {
      path: file,
      hint: 'Move it away and set the secrets anew.',
    });
  }
  if (os === 'win32' || (facts.mode & 0o077) === 0) return;
  throw new PatchbayError('DATA_FOLDER_UNSAFE', `${file} is open to other users of this machine.`, {
    path: file,
    hint: `Run: chmod 600 ${JSON.stringify(file)} (and replace the secrets, which others may have read).`,
  });
}
