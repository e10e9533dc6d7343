/** Units as `patchbay servers set` takes them. */
const TIMES: readonly (readonly [unit: string, ms: number])[] = [
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
];
const SIZES: readonly (readonly [unit: string, bytes: number])[] = [
  ['gb', 1_024 ** 3],
  ['mb', 1_024 ** 2],
  ['kb', 1_024],
  ['b', 1],
];

type Units = typeof TIMES;

function parse(text: string, units: Units): number | null {
  const found = /^(\d{1,15}(?:\.\d{1,6})?)\s*([a-z]*)$/i.exec(text.trim());
  if (!found) return null;
  const unit = found[2]!.toLowerCase();
  const factor = unit === '' ? 1 : units.find(([name]) => name === unit)?.[1];
  if (factor === undefined) return null;
  const value = Number(found[1]) * factor;
  // `1.5ms` is no whole millisecond, while `1.5s` is.
  return Number.isSafeInteger(value) ? value : null;
}

function write(value: number, units: Units): string {
  const [unit, factor] = units.find(([, size]) => value !== 0 && value % size === 0) ?? units.at(-1)!;
  return `${value / factor}${unit}`;
}

/** Milliseconds of `30s`, `1.5m`, `250` (milliseconds, as on the command line); null for anything else. */
export const parseTime = (text: string): number | null => parse(text, TIMES);

/** The shortest text that parseTime reads back exactly. */
export const writeTime = (ms: number): string => write(ms, TIMES);

/** Bytes of `512mb`, `2gb`, `1024`; null for anything else. */
export const parseSize = (text: string): number | null => parse(text, SIZES);

/** The shortest text that parseSize reads back exactly. */
export const writeSize = (bytes: number): string => write(bytes, SIZES);
