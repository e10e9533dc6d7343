import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Envelope } from '../../../shared/json-rpc/envelope.ts';
import type { Endpoint } from '../routes/mux/mux.ts';
import type { Accepted } from './post-request.ts';

/** One HTTP request to an endpoint; Host, Origin and token have been checked. */
export interface HttpCall {
  request: IncomingMessage;
  response: ServerResponse;
  endpoint: Endpoint;
  /** Whose token it is. */
  user: string;
}

/** What a POST has brought. */
export interface PostedMessage {
  body: Buffer;
  /** null: a batch. */
  envelope: Envelope | null;
  accepted: Accepted;
  receivedAt: number;
}
