import { useEffect, useEffectEvent, useState } from 'react';
import type { Filter, FilterError } from '../../../shared/filter/filter.ts';
import { parseFilter } from '../../../shared/filter/parse-filter.ts';

const TYPING_PAUSE_MS = 150;

/** A filter as typed, whether it can be used, and the last one that could. */
export interface FilterText {
  text: string;
  problem: FilterError | null;
  setText(text: string): void;
}

/**
 * Holds what is typed and hands on what parses, after a short pause. `committed` is the filter in use, which may
 * also change from outside (a link, the back button); then the box shows that one.
 */
export function useFilterText(
  committed: string,
  onCommit: (text: string, filter: Filter) => void,
): FilterText {
  const [text, setText] = useState(committed);
  const [known, setKnown] = useState(committed);
  if (committed !== known) {
    setKnown(committed);
    setText(committed);
  }
  const parsed = parseFilter(text);
  const commit = useEffectEvent(() => {
    if (!parsed.ok || text === committed) return;
    setKnown(text);
    onCommit(text, parsed.filter);
  });
  useEffect(() => {
    const timer = setTimeout(() => commit(), TYPING_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return { text, problem: parsed.ok ? null : parsed.error, setText };
}
