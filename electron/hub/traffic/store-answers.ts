import type { ExchangeStore } from './exchange-store.ts';
import type { StoreQuestion, StoreQuestions } from './store-messages.ts';
import type { Found } from './store-search.ts';

export type StoreAnswer = StoreQuestions[keyof StoreQuestions]['answer'];

/** Answers a question in steps; those of a search bring what they found. May throw what SQLite throws. */
export function* answerInSteps(
  store: ExchangeStore,
  { type, query }: StoreQuestion,
): Generator<Found | void, StoreAnswer> {
  switch (type) {
    case 'search':
      return yield* store.search(query);
    case 'get':
      return store.get(query.id);
    case 'context':
      return yield* store.context(query);
    case 'histogram':
      return yield* store.histogram(query);
    case 'latencies':
      return (yield* store.latencies(query)).toPlain();
    case 'spread':
      return (yield* store.spread(query)).toPlain();
    case 'annotations':
      return store.annotations();
    case 'annotate':
      return store.annotate(query);
  }
}
