import { useState } from 'react';

/** The newest value there was: it stays in view while the next one is awaited, or while what shows it fades out. */
export function useLastKnown<T>(value: T | null): T | null {
  const [last, setLast] = useState(value);
  if (value !== null && value !== last) setLast(value);
  return last;
}
