import type { WantedKey, WantedKeys } from './envelope-scan.ts';

/** Where each value's start is kept; its end is one further. */
export const SLOT = {
  jsonrpc: 0,
  id: 2,
  method: 4,
  params: 6,
  result: 8,
  error: 10,
  name: 12,
  uri: 14,
  meta: 16,
  metaToken: 18,
  token: 20,
  requestId: 22,
  code: 24,
  message: 26,
  isError: 28,
} as const;

export const SLOT_COUNT = 30;

const encoder = new TextEncoder();

const key = (name: string, slot: number, inside: WantedKeys | null = null): WantedKey => ({
  name,
  bytes: encoder.encode(name),
  slot,
  inside,
});

const META: WantedKeys = { keys: [key('progressToken', SLOT.metaToken)], refusesCaseVariants: false };

const PARAMS: WantedKeys = {
  keys: [
    key('name', SLOT.name),
    key('uri', SLOT.uri),
    key('_meta', SLOT.meta, META),
    key('progressToken', SLOT.token),
    key('requestId', SLOT.requestId),
  ],
  refusesCaseVariants: false,
};

const RESULT: WantedKeys = { keys: [key('isError', SLOT.isError)], refusesCaseVariants: false };

const ERROR: WantedKeys = {
  keys: [key('code', SLOT.code), key('message', SLOT.message)],
  refusesCaseVariants: false,
};

/** The members of a JSON-RPC message that a router reads, and the ones inside them. */
export const MESSAGE: WantedKeys = {
  keys: [
    key('jsonrpc', SLOT.jsonrpc),
    key('id', SLOT.id),
    key('method', SLOT.method),
    key('params', SLOT.params, PARAMS),
    key('result', SLOT.result, RESULT),
    key('error', SLOT.error, ERROR),
  ],
  refusesCaseVariants: true,
};
