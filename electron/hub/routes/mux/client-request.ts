import type { Envelope, Era } from '../../../../shared/json-rpc/envelope.ts';
import type { ClientIdentity } from './client-identity.ts';
import type { Reply } from './mux.ts';

/** One request of a client, its era known and checked. */
export interface ClientRequest {
  /** A view that is good while `receive` runs; copied by what keeps it. */
  frame: Buffer;
  envelope: Envelope;
  /** Raw JSON. */
  id: string;
  method: string;
  reply: Reply;
  receivedAt: number;
  era: Era;
  identity: ClientIdentity;
}

/** A request under way, by whoever it is answered. */
export interface OpenRequest {
  /** The client no longer wants it: it is not answered any more. */
  cancel(reason: string): void;
}
