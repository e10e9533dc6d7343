/** Event ids are this hub's alone: another hub's, from before a restart, must not be mistaken for them. */
const RUN = Date.now().toString(36);

/** What one session keeps for a client that comes back. */
const MAX_SESSION_EVENTS = 512;
const MAX_SESSION_BYTES = 4 * 1024 * 1024;
/** And all of them together. */
const MAX_TOTAL_BYTES = 64 * 1024 * 1024;
/** Longer ids are not carried in event ids. */
const MAX_CARRIED_ID = 64;

interface KeptEvent {
  seq: number;
  frame: Buffer;
}

/** One stream of events within a session: of a POST, or (number 0) of what belongs to no request. */
export interface ReplayStream {
  readonly number: number;
  readonly idPrefix: string;
  readonly events: KeptEvent[];
  lastSeq: number;
  /** `performance.now()` of its last event's end; null while more may come. */
  endedAt: number | null;
}

/** What an event id tells. */
export interface EventPosition {
  /** True when this hub gave it out. */
  isOurs: boolean;
  stream: number;
  seq: number;
  /** Raw JSON id of the request whose stream it is. */
  requestId: string | null;
}

export class ReplayBudget {
  readonly max: number;
  held = 0;

  constructor(max: number = MAX_TOTAL_BYTES) {
    this.max = max;
  }
}

/**
 * The last events of a session's streams, so that a client whose connection broke gets what it missed (Last-Event-ID,
 * 2025-03-26 to 2025-11-25). Bounded: what is dropped is told as an error, never silently.
 */
export class SessionReplay {
  readonly #budget: ReplayBudget;
  readonly #streams = new Map<number, ReplayStream>();
  #nextNumber = 1;
  #events = 0;
  #bytes = 0;

  constructor(budget: ReplayBudget) {
    this.#budget = budget;
  }

  /** `requestId`: raw JSON id of the request it answers, null where there is not exactly one. */
  open(requestId: string | null, number: number = this.#nextNumber++): ReplayStream {
    const carried = requestId !== null && requestId.length <= MAX_CARRIED_ID ? requestId : '';
    const encoded = Buffer.from(carried).toString('base64url');
    const stream: ReplayStream = {
      number,
      idPrefix: `${RUN}.${number}.${encoded}.`,
      events: [],
      lastSeq: 0,
      endedAt: null,
    };
    this.#streams.set(number, stream);
    return stream;
  }

  find(number: number): ReplayStream | undefined {
    return this.#streams.get(number);
  }

  /** Takes the next event of a stream and gives its number. The frame is copied. */
  append(stream: ReplayStream, frame: Buffer): number {
    stream.lastSeq += 1;
    if (frame.length > MAX_SESSION_BYTES) return stream.lastSeq;
    while (this.#isFull(frame.length) && this.#dropOldest());
    if (!this.#isFull(frame.length)) {
      stream.events.push({ seq: stream.lastSeq, frame: Buffer.from(frame) });
      this.#count(1, frame.length);
    }
    return stream.lastSeq;
  }

  /** Forgets streams that ended before this time. */
  expire(before: number): void {
    for (const stream of this.#streams.values()) {
      if (stream.endedAt !== null && stream.endedAt < before) this.#forget(stream);
    }
  }

  clear(): void {
    for (const stream of this.#streams.values()) this.#forget(stream);
  }

  #forget(stream: ReplayStream): void {
    for (const { frame } of stream.events.splice(0)) this.#count(-1, -frame.length);
    this.#streams.delete(stream.number);
  }

  #isFull(more: number): boolean {
    return (
      this.#events >= MAX_SESSION_EVENTS ||
      this.#bytes + more > MAX_SESSION_BYTES ||
      this.#budget.held + more > this.#budget.max
    );
  }

  #dropOldest(): boolean {
    for (const stream of this.#streams.values()) {
      const dropped = stream.events.shift();
      if (!dropped) continue;
      this.#count(-1, -dropped.frame.length);
      return true;
    }
    return false;
  }

  #count(events: number, bytes: number): void {
    this.#events += events;
    this.#bytes += bytes;
    this.#budget.held += bytes;
  }
}

export const eventId = ({ idPrefix }: ReplayStream, seq: number): string => `${idPrefix}${seq}`;

/** Reads a Last-Event-ID; null for one that no hub of ours wrote. */
export function readEventId(text: string): EventPosition | null {
  const match = /^([0-9a-z]+)\.(\d{1,15})\.([\w-]*)\.(\d{1,15})$/.exec(text);
  if (!match) return null;
  const [, run, stream, encoded, seq] = match as unknown as [string, string, string, string, string];
  const requestId = asRawId(Buffer.from(encoded, 'base64url').toString('utf8'));
  return { isOurs: run === RUN, stream: Number(stream), seq: Number(seq), requestId };
}

/** It comes back from the client: nothing but an id may get into a frame of ours. */
function asRawId(text: string): string | null {
  if (/^-?\d+$/.test(text)) return text;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' ? JSON.stringify(value) : null;
  } catch {
    return null;
  }
}
