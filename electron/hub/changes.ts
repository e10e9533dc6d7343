import type { HubTopic } from '../../shared/model/hub.ts';

/** Says that something changed, never what: readers ask again. */
export interface Changes {
  emit(topic: HubTopic): void;
  /** Returns the way to stop. */
  subscribe(listener: (topic: HubTopic) => void): () => void;
}

export function createChanges(): Changes {
  const listeners = new Set<(topic: HubTopic) => void>();
  return {
    emit(topic) {
      for (const listener of listeners) listener(topic);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
