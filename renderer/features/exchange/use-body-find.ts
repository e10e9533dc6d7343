import { useDeferredValue, useMemo, useState } from 'react';
import { type BodyMatch, BodySearch } from '../../lib/json/body-search.ts';
import { useSlicedWork } from '../../lib/use-sliced-work.ts';
import type { ReadBody } from './use-body.ts';

/** What is looked for in both bodies, and which match is shown. */
export interface BodyFind {
  query: string;
  /** What is marked: follows the query at the page's own pace. */
  marked: string;
  setQuery(query: string): void;
  count: number;
  isLimited: boolean;
  isSearching: boolean;
  /** 0-based; -1 without a match. */
  position: number;
  step(by: 1 | -1): void;
  /** The shown match by side; null on the other one. */
  request: BodyMatch | null;
  response: BodyMatch | null;
}

const NONE: readonly BodyMatch[] = [];

function useMatches(read: ReadBody, isRaw: boolean, query: string) {
  const { body, index, isReading } = read;
  const search = useMemo(
    () =>
      body === null || isReading || query === ''
        ? null
        : new BodySearch(body.text, isRaw ? null : index, query),
    [body, index, isReading, isRaw, query],
  );
  const isDone = useSlicedWork(search);
  return {
    matches: isDone ? search!.matches : NONE,
    isLimited: isDone && search!.isLimited,
    isDone: isDone || !search,
  };
}

/** Looks for a text in both bodies, the request first. */
export function useBodyFind(request: ReadBody, response: ReadBody, isRaw: boolean): BodyFind {
  const [query, setQuery] = useState('');
  const [chosen, setChosen] = useState({ marked: '', position: 0 });
  const marked = useDeferredValue(query);
  const first = useMatches(request, isRaw, marked);
  const second = useMatches(response, isRaw, marked);
  const count = first.matches.length + second.matches.length;
  const position = count === 0 ? -1 : chosen.marked === marked ? Math.min(chosen.position, count - 1) : 0;
  const inSecond = position - first.matches.length;
  return {
    query,
    marked,
    setQuery,
    count,
    isLimited: first.isLimited || second.isLimited,
    isSearching: !first.isDone || !second.isDone || marked !== query,
    position,
    step: (by) => count > 0 && setChosen({ marked, position: (position + by + count) % count }),
    request: position >= 0 ? (first.matches[position] ?? null) : null,
    response: inSecond >= 0 ? (second.matches[inSecond] ?? null) : null,
  };
}
