import type { Direction, Exchange, Outcome, Phases } from '../../../shared/model/exchange.ts';
import type { TappedSession } from './tap.ts';

/** Who talks to whom, made fit for the log: one object per tapped session, shared by its exchanges. */
export type Origin = Readonly<TappedSession>;

/**
 * An exchange while it is recorded: made when a request or notification passes, complete with its answer. Kept small
 * and in whole microseconds, which V8 holds without an object of their own; -1 means not known.
 */
export class ExchangeRecord implements Exchange {
  /** 0 until it is first passed on. */
  id = 0;
  at = 0;
  readonly origin: Origin;
  readonly direction: Direction;
  readonly kind: Exchange['kind'];
  method = '';
  tool: string | null = null;
  rpcId: string | null = null;
  outcome: Outcome = 'pending';
  errorCode: number | null = null;
  errorMessage: string | null = null;
  requestBytes = 0;
  responseSize = -1;
  durationUs = -1;
  queueUs = 0;
  hubInUs = -1;
  serverUs = -1;
  hubOutUs = -1;
  /** Times of `performance.now()`. */
  receivedAt = 0;
  forwardedAt = 0;
  /** False when it was begun while nothing is recorded. */
  isKept = true;
  isQueued = false;
  /** Where its frames stand among the bodies of the batch under way. */
  requestOffset = -1;
  requestLength = 0;
  responseOffset = -1;
  responseLength = 0;

  constructor(origin: Origin, direction: Direction, kind: Exchange['kind']) {
    this.origin = origin;
    this.direction = direction;
    this.kind = kind;
  }

  get sessionId(): string {
    return this.origin.sessionId;
  }

  get client(): string {
    return this.origin.client;
  }

  get project(): string | null {
    return this.origin.project;
  }

  get server(): string {
    return this.origin.server;
  }

  get instanceId(): string {
    return this.origin.instanceId;
  }

  get responseBytes(): number | null {
    return this.responseSize === -1 ? null : this.responseSize;
  }

  get durationMs(): number | null {
    return this.durationUs === -1 ? null : this.durationUs / 1_000;
  }

  get hubMs(): number | null {
    return this.hubInUs === -1 ? null : (this.hubInUs + this.hubOutUs) / 1_000;
  }

  get phases(): Phases | null {
    if (this.hubInUs === -1) return null;
    return {
      queueMs: this.queueUs / 1_000,
      hubInMs: this.hubInUs / 1_000,
      serverMs: this.serverUs / 1_000,
      hubOutMs: this.hubOutUs / 1_000,
    };
  }

  /** As it is now, as plain data. */
  toExchange(): Exchange {
    return {
      id: this.id,
      at: this.at,
      sessionId: this.origin.sessionId,
      client: this.origin.client,
      project: this.origin.project,
      server: this.origin.server,
      instanceId: this.origin.instanceId,
      direction: this.direction,
      kind: this.kind,
      method: this.method,
      tool: this.tool,
      rpcId: this.rpcId,
      outcome: this.outcome,
      errorCode: this.errorCode,
      errorMessage: this.errorMessage,
      requestBytes: this.requestBytes,
      responseBytes: this.responseBytes,
      durationMs: this.durationMs,
      hubMs: this.hubMs,
    };
  }
}
