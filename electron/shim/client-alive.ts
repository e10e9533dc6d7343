/**
 * Tells whether the process that started this one still lives. A client that closes its pipes is noticed by their end;
 * one that dies while its input is held up is not, since nobody reads there.
 */
export function watchParent(): () => boolean {
  const parent = process.ppid;
  return () => {
    // On POSIX an orphan gets another parent; on Windows it keeps the number of the dead one.
    if (process.ppid !== parent) return false;
    try {
      process.kill(parent, 0);
      return true;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code !== 'ESRCH';
    }
  };
}
