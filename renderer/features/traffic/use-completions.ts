import { useState } from 'react';
import { completions, type Completions, type KnownValues } from '../../../shared/filter/complete-filter.ts';

/** What the filter box offers at the cursor, and which of it is chosen; `active` is -1 while none is. */
export interface CompletionList extends Completions {
  active: number;
}

/** Open while someone types; the text itself belongs to the caller. */
export interface CompletionControls {
  list: CompletionList | null;
  /** Offers what fits at the cursor of a text. */
  open(text: string, cursor: number): void;
  close(): void;
  /** Moves the choice, around the end. */
  move(step: 1 | -1): void;
  /** The text with the given option in place, and where the cursor goes. */
  accept(text: string, option: string): { text: string; cursor: number };
}

/** Completions of field names, and of values that were seen. */
export function useCompletions(values: KnownValues): CompletionControls {
  const [list, setList] = useState<CompletionList | null>(null);
  return {
    list,
    open(text, cursor) {
      const found = completions(text, cursor, values);
      const written = text.slice(found.start, found.end);
      // What stands there already needs no offer.
      const options = found.options.filter((option) => option !== written);
      setList(options.length > 0 ? { ...found, options, active: -1 } : null);
    },
    close: () => setList(null),
    move(step) {
      if (!list) return;
      const count = list.options.length;
      const from = list.active < 0 && step < 0 ? 0 : list.active;
      setList({ ...list, active: (from + step + count) % count });
    },
    accept(text, option) {
      const { start, end } = list ?? { start: text.length, end: text.length };
      // After a field comes its value; after a value, the next term.
      const inserted = option.endsWith(':') || text[end] === ' ' ? option : `${option} `;
      return { text: text.slice(0, start) + inserted + text.slice(end), cursor: start + inserted.length };
    },
  };
}
