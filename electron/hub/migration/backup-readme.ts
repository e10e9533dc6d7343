import path from 'node:path';
import { visibleText } from '../logging/visible-text.ts';
import { shellWord, type RestorableFile } from './restore-script.ts';

/** The words beside a backup, for someone who has no Patchbay any more. */
export function backupReadme(at: string, folder: string, files: readonly RestorableFile[]): string {
  const lines = files.map(
    ({ target, backup, sha256Before, sha256After }) =>
      `  ${shown(target)}\n    saved original:  ${backup}\n    SHA-256 before:  ${sha256Before}\n    SHA-256 after:   ${sha256After}\n`,
  );
  return `Patchbay changed these config files on ${at} and saved them here as they were before:

${lines.join('\n')}
To put them back:

  With Patchbay:     patchbay rollback --migration ${path.basename(folder)}
                     It keeps what was changed in the files since.
  Without Patchbay:  quit the clients, then run
    macOS, Linux:    sh ${shown(shellWord(path.join(folder, 'restore.sh')))}
    Windows:         powershell -NoProfile -ExecutionPolicy Bypass -File "${shown(path.join(folder, 'restore.ps1'))}"
                     Both check every file first: one that is not as Patchbay left it is left alone, and so is
                     a saved original that is damaged. With --force (Windows: -Force) the saved original is put
                     back over later changes too.
  By hand:           if a file's SHA-256 is still the one "after", copy the saved original over it.
                     If the file was changed since, edit it instead. What Patchbay put there is every server
                     entry with "shim.cjs" in its arguments or a URL on this very machine that ends in "/mcp":
                     copy the entry of the same name from the saved original over it. What the saved original
                     has no entry for can be taken out.

To see a file's SHA-256:  sha256sum FILE  (macOS: shasum -a 256 FILE; Windows: certutil -hashfile FILE SHA256)

Keep this folder private: the saved files may hold passwords and tokens.
`;
}

/** A path on one line, whatever is in it. */
const shown = (text: string): string => visibleText(text).replaceAll('\n', '\\u000a');
