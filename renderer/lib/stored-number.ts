import { useState } from 'react';

/** A number that this browser remembers, such as a width. */
export function useStoredNumber(key: string, fallback: number): [number, (value: number) => void] {
  const [value, setValue] = useState(() => {
    const stored = localStorage.getItem(key);
    const number = stored === null ? Number.NaN : Number(stored);
    return Number.isFinite(number) ? number : fallback;
  });
  return [
    value,
    (next) => {
      setValue(next);
      localStorage.setItem(key, String(next));
    },
  ];
}
