import type { Logger } from '../../log.ts';
import type { HttpClient } from './http-client.ts';
import type { Suspension } from './suspension.ts';

/** What all connections to one remote server share, and how messages get there. */
export interface Link {
  /** Name in the catalog, for messages. */
  readonly server: string;
  /** Where messages go; moves when the server says for good that it has moved within its origin. */
  url: URL;
  /** The person's own headers; nothing a client sent is ever among them (E19). */
  readonly headers: Readonly<Record<string, string>>;
  readonly client: HttpClient;
  readonly authorizer: Authorizer;
  readonly suspension: Suspension;
  readonly logger: Logger;
}

/** Speaks for us at a server that wants to know who asks. Shared by all connections to it. */
export interface Authorizer {
  /** Why nothing is to be sent before a person has done something; null when all is well. */
  readonly refusal: string | null;
  /** Value of `Authorization`; null when there is none to send. */
  readonly header: string | null;
  /**
   * The server answered 401 to what was sent with `used`. True: another value is there and may be tried, once. At
   * most one attempt is under way, whoever asks. Never rejects.
   */
  renew(used: string | null, challenge: string | null): Promise<boolean>;
  /** It answered 401 again, so no call may go round in circles (B29). Returns what to tell the caller. */
  giveUp(challenge: string | null): string;
  /** It answered 403 and wants more scopes. Returns what to tell the caller. */
  needMore(challenge: string): string;
}
