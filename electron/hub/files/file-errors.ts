import { PatchbayError } from '../../../shared/model/error.ts';

/** The `code` of a file-system error; empty for anything else. */
export function errnoOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

export const isMissing = (error: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes(errnoOf(error));

/** What a failed write means for a person. Errors that say it already, and unknown ones, come back as they are. */
export function asWriteError(error: unknown, path: string): unknown {
  const code = errnoOf(error);
  if (['ENOSPC', 'EDQUOT', 'EIO', 'EFBIG'].includes(code)) {
    const why = code === 'EIO' ? 'the disk reported an error' : 'the disk is full';
    return new PatchbayError(
      'DISK_FULL',
      `${path} was not written: ${why}. What it held before is untouched.`,
      { path, hint: 'Free some space and try again.' },
      error,
    );
  }
  if (['EACCES', 'EPERM', 'EROFS', 'EBUSY', 'EXDEV', 'ETXTBSY'].includes(code)) {
    return new PatchbayError(
      'CONFIG_NOT_WRITABLE',
      `${path} cannot be replaced (${code}). What it held before is untouched.`,
      { path, hint: 'Check the permissions of the file and its folder, and what else holds it open.' },
      error,
    );
  }
  return error;
}

/** What a failed read means for a person; see `asWriteError`. */
export function asReadError(error: unknown, path: string): unknown {
  const code = errnoOf(error);
  if (code === 'EFBIG') {
    return new PatchbayError('CONFIG_TOO_LARGE', `${path} is larger than 8 MB.`, {
      path,
      hint: 'A config of that size is damaged or no config; Patchbay leaves it alone.',
    });
  }
  if (code === '') return error;
  return new PatchbayError(
    'CONFIG_UNREADABLE',
    `${path} cannot be read (${code}).`,
    { path, hint: 'Check the permissions of the file and its folders.' },
    error,
  );
}
