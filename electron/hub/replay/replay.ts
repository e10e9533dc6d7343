import type { ReplayResult } from '../../../shared/model/exchange.ts';

/** Sends recorded requests again. */
export interface Replay {
  /**
   * Opens a conversation of its own with the server of exchange `id` (never an instance that a client's session
   * owns), sends the request with the recorded or the given params (JSON text), waits for the answer within the
   * server's timeout, and ends the conversation. Throws NOT_FOUND, REPLAY_IMPOSSIBLE, SERVER_UNKNOWN, INPUT_INVALID.
   */
  send(id: number, params?: string): Promise<ReplayResult>;
}
