import { execFile } from 'node:child_process';

/**
 * Gives a new file what permission bits and owner do not say: access lists, extended attributes, the SELinux context.
 * Node has no call for them, so GNU's `cp` does it; where there is none (BusyBox, macOS, Windows) the folder's own
 * defaults apply, as they do at every save of the client itself. Best effort: never fails.
 */
export function copyAttributes(
  from: string,
  to: string,
  os: NodeJS.Platform = process.platform,
): Promise<void> {
  if (os !== 'linux') return Promise.resolve();
  // With `mode`, which carries the access list. Times are not copied: clients ignore a file that is not newer.
  const args = ['--attributes-only', '--preserve=mode,ownership,xattr', '--', from, to];
  return new Promise((resolve) => {
    execFile('cp', args, { timeout: 2_000, windowsHide: true }, () => resolve());
  });
}
