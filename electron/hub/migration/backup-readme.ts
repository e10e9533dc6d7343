import path from 'node:path';
import type { RestorableFile } from './restore-script.ts';

/** The words beside a backup, for someone who has no Patchbay any more. */
export function backupReadme(at: string, folder: string, files: readonly RestorableFile[]): string {
  const lines = files.map(
    ({ target, backup, sha256Before, sha256After }) =>
      `  ${target}\n    saved original:  ${backup}\n    SHA-256 before:  ${sha256Before}\n    SHA-256 after:   ${sha256After}\n`,
  );
  return `Patchbay changed these config files on ${at} and saved them here as they were before:

${lines.join('\n')}
To put them back:

  With Patchbay:     patchbay rollback --migration ${path.basename(folder)}
  Without Patchbay:  quit the clients, then run
                     sh ${JSON.stringify(`${folder}/restore.sh`)}
  By hand:           if a file's SHA-256 is still the one "after", copy the saved original over it.
                     If the file was changed since, edit it instead: in every entry whose arguments
                     contain "shim.cjs", what follows "--" is the original command and its arguments.

Keep this folder private: the saved files may hold passwords and tokens.
`;
}
