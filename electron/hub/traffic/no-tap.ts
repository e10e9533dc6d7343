import type { CallTap, SessionTap, Tap, TappedCall } from './tap.ts';

/** An open request that nobody waits for any more. */
export const NO_CALL: TappedCall = { answered() {}, answeredOversized() {}, cancelled() {}, lost() {} };
const NO_SESSION: SessionTap = { frame() {}, oversized() {}, close() {} };
const NO_CALLS: CallTap = { request: () => NO_CALL, notification() {}, close() {} };

/** Observes nothing: for conversations that are no traffic of clients, such as our own comparisons. */
export const NO_TAP: Tap = { openSession: () => NO_SESSION, openCalls: () => NO_CALLS };
