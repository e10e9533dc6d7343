import type { WantedKey, WantedKeys } from './envelope-scan.ts';

/** Where each value's start is kept in `found`; its end is one further. */
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
  resultType: 30,
  protocolVersion: 32,
} as const;

const key = (name: string, slot: number, inside: WantedKeys | null = null): WantedKey => ({
  name,
  bytes: Buffer.from(name),
  slot,
  inside,
});

function wanted(variants: WantedKeys['variants'], keys: readonly WantedKey[]): WantedKeys {
  const longest = Math.max(...keys.map(({ bytes }) => bytes.length));
  return {
    keys,
    byLength: Array.from({ length: longest + 1 }, (_, length) =>
      keys.filter(({ bytes }) => bytes.length === length),
    ),
    variants,
  };
}

const META = wanted('plain', [
  key('progressToken', SLOT.metaToken),
  key('io.modelcontextprotocol/protocolVersion', SLOT.protocolVersion),
]);

/** Methods that nobody here knows may have a member `Name` of their own; beside `name` it is a trick. */
export const PARAMS = wanted('not-beside', [
  key('name', SLOT.name),
  key('uri', SLOT.uri),
  key('_meta', SLOT.meta, META),
  key('progressToken', SLOT.token),
  key('requestId', SLOT.requestId),
]);

export const RESULT = wanted('plain', [key('isError', SLOT.isError), key('resultType', SLOT.resultType)]);

const ERROR = wanted('plain', [key('code', SLOT.code), key('message', SLOT.message)]);

/** The members of a JSON-RPC message that a router reads, and the ones inside them. */
export const MESSAGE = wanted('refused', [
  key('jsonrpc', SLOT.jsonrpc),
  key('id', SLOT.id),
  key('method', SLOT.method),
  key('params', SLOT.params, PARAMS),
  key('result', SLOT.result, RESULT),
  key('error', SLOT.error, ERROR),
]);
