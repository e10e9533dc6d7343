export type Given = readonly unknown[];
export type Text = string | ((...given: Given) => string);

const isBranch = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** Every text by its path, such as `traffic.columns.time`. */
export const textsOf = (messages: Record<string, unknown>): ReadonlyMap<string, Text> =>
  new Map(entriesOf(messages, ''));

function entriesOf(branch: Record<string, unknown>, path: string): [string, Text][] {
  return Object.entries(branch).flatMap(([key, value]): [string, Text][] => {
    const here = path === '' ? key : `${path}.${key}`;
    return isBranch(value) ? entriesOf(value, here) : [[here, value as Text]];
  });
}

/** Both languages' words for the same thing. */
export interface Said {
  path: string;
  given: string;
  english: string;
  german: string;
}

/** What both say; texts that are made from something are given each of the samples for their path. */
export const saidInBoth = (
  english: ReadonlyMap<string, Text>,
  german: ReadonlyMap<string, Text>,
  samplesFor: (path: string, parameters: number) => readonly Given[],
): Said[] =>
  [...english].flatMap(([path, text]): Said[] => {
    const other = german.get(path);
    if (typeof text === 'string' && typeof other === 'string') {
      return [{ path, given: '', english: text, german: other }];
    }
    if (typeof text !== 'function' || typeof other !== 'function') return [];
    return samplesFor(path, text.length).map((given) => ({
      path,
      given: JSON.stringify(given),
      english: text(...given),
      german: other(...given),
    }));
  });

/** Numbers as written, so that none that was given is left out; the order is the language's own. */
export const numbersIn = (text: string): string[] =>
  (text.match(/\d+(?:[.,]\d+)*/g) ?? []).map((number) => number.replaceAll(/[.,]/g, '')).toSorted();

/** A text without the numbers it was given or counts in. */
export const wordsOf = (text: string): string => text.replaceAll(/(?<=^|\s)\d[\d.,]*(?=\s|$)/g, '').trim();
