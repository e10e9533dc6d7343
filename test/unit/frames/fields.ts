import { readEnvelope } from '../../../electron/hub/frames/read-envelope.ts';
import type { Envelope } from '../../../shared/json-rpc/envelope.ts';

export type Fields = Omit<Envelope, 'ranges'>;

/** The envelope without its ranges, which have their own tests. */
export function read(text: string): Fields | null {
  const envelope = readEnvelope(Buffer.from(text));
  if (!envelope) return null;
  const { ranges: _ranges, ...fields } = envelope;
  return fields;
}
export const frame = (members: object): string => JSON.stringify({ jsonrpc: '2.0', ...members });

export const blank = {
  id: null,
  method: null,
  target: null,
  progressToken: null,
  cancelsId: null,
  protocolVersion: null,
  error: null,
  isToolError: false,
  resultType: null,
};
