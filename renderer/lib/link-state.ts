import type { LinkState } from './hub-link.ts';

/** The observable part every carrier shares. */
export interface LinkStateCell {
  get(): LinkState;
  set(next: LinkState): void;
  subscribe(listener: () => void): () => void;
}

/** Holds one LinkState and tells its listeners about each change. */
export function createLinkStateCell(initial: LinkState): LinkStateCell {
  let state = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => state,
    set(next) {
      state = next;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
