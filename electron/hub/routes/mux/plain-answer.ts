import type { Envelope } from '../../../../shared/json-rpc/envelope.ts';
import type { CallFailure } from './rpc-frames.ts';

/** The envelope of an answer of our own, which nobody reads byte by byte. `id` is raw JSON. */
export function plainAnswer(id: string, error: CallFailure | null): Envelope {
  return {
    kind: 'response',
    id,
    method: null,
    target: null,
    progressToken: null,
    cancelsId: null,
    protocolVersion: null,
    error: error && { code: error.code, message: error.message },
    isToolError: false,
    resultType: null,
    ranges: NO_RANGES,
  };
}

const NO_RANGES: Envelope['ranges'] = {
  id: 0,
  idEnd: 0,
  method: 0,
  methodEnd: 0,
  params: 0,
  paramsEnd: 0,
  name: 0,
  nameEnd: 0,
  uri: 0,
  uriEnd: 0,
  meta: 0,
  metaEnd: 0,
  token: 0,
  tokenEnd: 0,
  requestId: 0,
  requestIdEnd: 0,
  result: 0,
  resultEnd: 0,
  error: 0,
  errorEnd: 0,
};
