/** Checks that pass directly and cannot pass through the hub, each with the reason. */
export type ExpectedFailures = Readonly<Record<string, string>>;

const ANSWERS_IN_JSON =
  'the hub answers with JSON where nothing comes before the answer, so there is no stream to poll';

/** For any server. Not scored by the suite. */
export const everywhere: ExpectedFailures = {
  'server-sse-polling server-sse-disconnect-resume': ANSWERS_IN_JSON,
  'server-sse-polling server-sse-priming-event': ANSWERS_IN_JSON,
  'server-sse-polling server-sse-retry-field': ANSWERS_IN_JSON,
};

const NO_KEYS =
  'an older server’s question has no key, so the hub has to choose one, and the suite wants its own';
const ONE_BY_ONE = 'an older server asks one question after the other; the suite wants them together';
const NO_STATE =
  'answers without the state of a parked call belong to no call, so an older server asks again';
const OF_THE_CONNECTION =
  'an older server learns what its connection can do, not each request: it decides by itself what it does without';

/** For servers of the older era that the hub shows to clients of the newer one. */
export const translated: ExpectedFailures = {
  'input-required-result-basic-elicitation sep-2322-elicitation-incomplete': NO_KEYS,
  'input-required-result-basic-elicitation sep-2322-elicitation-complete': NO_KEYS,
  'input-required-result-multiple-input-requests sep-2322-multiple-inputs-incomplete': ONE_BY_ONE,
  'input-required-result-multiple-input-requests sep-2322-multiple-inputs-complete': ONE_BY_ONE,
  'input-required-result-ignore-extra-params sep-2322-ignore-unexpected-params': NO_STATE,
  'input-required-result-capability-check sep-2322-respect-client-capabilities': OF_THE_CONNECTION,
  'server-stateless sep-2575-server-rejects-undeclared-capability': OF_THE_CONNECTION,
  'server-stateless sep-2575-missing-capability-http-400': OF_THE_CONNECTION,
};

/** For the hub as the client of a server. */
export const clientSide: ExpectedFailures = {};
