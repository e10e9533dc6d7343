/** One file that the script can put back. Paths may hold any character. */
export interface RestorableFile {
  /** The file itself, no link to it. */
  target: string;
  /** Name of the saved original beside the script. */
  backup: string;
  mode: number;
  sha256Before: string;
  sha256After: string;
}

/**
 * A POSIX shell script that puts the originals back without Patchbay: only over files that still are what the
 * migration wrote, and only from originals that are what was saved.
 */
export function restoreScript(files: readonly RestorableFile[]): string {
  const calls = files.map(({ target, backup, mode, sha256Before, sha256After }) =>
    [
      'restore',
      shellWord(target),
      shellWord(backup),
      mode.toString(8).padStart(4, '0'),
      sha256Before,
      sha256After,
    ].join(' '),
  );
  return `#!/bin/sh
# Puts back the config files that Patchbay changed. Run it with: sh restore.sh
# A file that was changed since is left alone; "sh restore.sh --force" puts it back all the same.
set -u
umask 077
cd "$(dirname "$0")" || exit 1
force=\${1:-}
failed=0

hash_of() {
  if command -v sha256sum >/dev/null 2>&1; then sha256sum <"$1" | cut -d' ' -f1
  elif command -v shasum >/dev/null 2>&1; then shasum -a 256 <"$1" | cut -d' ' -f1
  else openssl dgst -sha256 -r <"$1" | cut -d' ' -f1
  fi
}

say() { printf '%s\\n' "$1"; }

# restore TARGET BACKUP MODE SHA256-BEFORE SHA256-AFTER
restore() {
  if [ ! -f "$2" ] || [ "$(hash_of "$2")" != "$4" ]; then
    say "left alone: $1 (the saved original $2 is damaged)"; failed=1; return
  fi
  now=''
  if [ -f "$1" ]; then now=$(hash_of "$1"); fi
  if [ "$now" = "$4" ]; then say "already as before: $1"; return; fi
  if [ "$now" != "$5" ] && [ "$force" != '--force' ]; then
    say "left alone: $1 (changed since; see README.txt)"; failed=1; return
  fi
  temp="$1.patchbay-restore"
  if cat "$2" >"$temp" && [ "$(hash_of "$temp")" = "$4" ] && chmod "$3" "$temp" && mv -f "$temp" "$1"; then
    say "put back: $1"
  else
    rm -f "$temp"; say "failed: $1"; failed=1
  fi
}

${calls.join('\n')}
exit $failed
`;
}

/** One word for a shell: inside single quotes the shell reads everything as it is, but for the quote itself. */
export const shellWord = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
