import { useMemo } from 'react';
import type { CapturedBody } from '../../../shared/model/exchange.ts';
import { type JsonIndex, JsonIndexer } from '../../lib/json/json-index.ts';
import { useSlicedWork } from '../../lib/use-sliced-work.ts';

/** A captured body and what was made of it. */
export interface ReadBody {
  body: CapturedBody | null;
  /** Null while it is read, and for what is not JSON. */
  index: JsonIndex | null;
  isReading: boolean;
}

/** Reads a text as JSON between frames. */
export function useJsonIndex(text: string | null): { index: JsonIndex | null; isReading: boolean } {
  const indexer = useMemo(() => (text === null ? null : new JsonIndexer(text)), [text]);
  const isRead = useSlicedWork(indexer);
  const index = useMemo(() => (isRead ? indexer!.index : null), [isRead, indexer]);
  return { index, isReading: indexer !== null && !isRead };
}

/** The same for a captured frame. */
export function useBody(body: CapturedBody | null): ReadBody {
  return { body, ...useJsonIndex(body?.text ?? null) };
}
