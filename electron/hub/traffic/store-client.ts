import { PatchbayError } from '../../../shared/model/error.ts';
import type { ExchangeBatch, SpentBuffers } from './exchange-batch.ts';
import type { OpenStoreLink, StoreLink } from './store-link.ts';
import type { StoreLimits } from './store-limits.ts';
import type { FromStore, StoreQuestion, StoreQuestions } from './store-messages.ts';
import type { Found } from './store-search.ts';

/** Given to the store and not confirmed yet; beyond that the store is too slow and rows are dropped. */
const MAX_UNCONFIRMED_ROWS = 20_000;
const MAX_UNCONFIRMED_BYTES = 64 * 1024 * 1024;
const MAX_CALLS = 1_000;

const RESTART_FIRST_MS = 1_000;
const RESTART_LAST_MS = 60_000;
const CLOSE_WITHIN_MS = 2_000;
/** A store that takes longer to open (a slow disk, much to recover) joins later. */
const READY_WITHIN_MS = 3_000;

interface Call {
  resolve(answer: unknown): void;
  reject(error: unknown): void;
  found?: ((found: Found) => void) | undefined;
}

export interface AskOptions {
  /** Aborted, the question is taken back and fails with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Told what a search finds while it goes on. */
  found?: (found: Found) => void;
}

export interface StoreClientOptions {
  file: string;
  limits: StoreLimits;
  open: OpenStoreLink;
  /** New ids must be larger than this: said when it is known, and again should it turn out to be more. */
  onIds(largest: number): void;
  /** Buffers of a batch that nobody reads any more. */
  onSpent(buffers: SpentBuffers): void;
}

/**
 * The hub's side of the store. Writing never waits and never throws; questions fail with INTERNAL when the store is
 * not usable. A worker that dies is started again, with growing pauses.
 */
export class StoreClient {
  readonly #options: StoreClientOptions;
  #limits: StoreLimits;
  #link: StoreLink | null = null;
  #gaveIds = false;
  #hasOpened = false;
  #isClosing = false;
  #restart: NodeJS.Timeout | null = null;
  #restartMs = RESTART_FIRST_MS;
  readonly #ready: Promise<void>;
  #markReady: () => void = () => {};
  #slowStart: NodeJS.Timeout | null = null;
  readonly #unconfirmed: { rows: number; bytes: number }[] = [];
  #unconfirmedRows = 0;
  #unconfirmedBytes = 0;
  readonly #calls = new Map<number, Call>();
  #lastCall = 0;
  #closed: (() => void) | null = null;
  #dropped = 0;
  #error: string | null = null;
  #warning: string | null = null;
  /** Ids up to here were in the file before this process could see it: they must not be written over. */
  #foreignIds = 0;

  constructor(options: StoreClientOptions) {
    this.#options = options;
    this.#limits = options.limits;
    this.#ready = new Promise((resolve) => (this.#markReady = resolve));
    this.#slowStart = setTimeout(() => this.#unavailable('it is still being opened'), READY_WITHIN_MS);
    this.#slowStart.unref();
    this.#start();
  }

  /** Resolves when it is known whether the store works and which ids are free, after 3 s at most. */
  get ready(): Promise<void> {
    return this.#ready;
  }

  get dropped(): number {
    return this.#dropped;
  }

  /** Why the store is not usable, null when it is. */
  get error(): string | null {
    return this.#error;
  }

  get warning(): string | null {
    return this.#warning;
  }

  /** Takes the batch and its buffers. */
  write(batch: ExchangeBatch): void {
    const { rows, bodyBytes } = batch;
    const isFull =
      this.#unconfirmedRows + rows > MAX_UNCONFIRMED_ROWS ||
      this.#unconfirmedBytes + bodyBytes > MAX_UNCONFIRMED_BYTES;
    if (!this.#link || isFull) {
      this.#dropped += rows;
      this.#options.onSpent(batch);
      return;
    }
    this.#unconfirmed.push({ rows, bytes: bodyBytes });
    this.#unconfirmedRows += rows;
    this.#unconfirmedBytes += bodyBytes;
    this.#link.send({ type: 'write', batch, above: this.#foreignIds });
  }

  ask<Name extends keyof StoreQuestions>(
    type: Name,
    query: StoreQuestions[Name]['query'],
    { signal, found }: AskOptions = {},
  ): Promise<StoreQuestions[Name]['answer']> {
    let takeBack = (): void => {};
    const answer = new Promise<StoreQuestions[Name]['answer']>((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      if (!this.#link) return reject(unusable(this.#error ?? 'it is closed'));
      if (this.#calls.size >= MAX_CALLS) return reject(unusable('too many questions are waiting'));
      this.#lastCall += 1;
      const call = this.#lastCall;
      this.#calls.set(call, { resolve: resolve as Call['resolve'], reject, found });
      takeBack = () => {
        if (!this.#take(call)) return;
        this.#link?.send({ type: 'cancel', call });
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', takeBack, { once: true });
      // The pair of type and query is right by this method's signature, which the union cannot express.
      this.#link.send({ type, call, query } as StoreQuestion);
    });
    return answer.finally(() => signal?.removeEventListener('abort', takeBack));
  }

  setLimits(limits: StoreLimits): void {
    this.#limits = limits;
    this.#link?.send({ type: 'limits', limits });
  }

  /** Lets `flush` write what is left and ends the store when that is done, after 2 s at most. */
  async close(flush: () => void): Promise<void> {
    this.#isClosing = true;
    if (this.#restart) clearTimeout(this.#restart);
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<void>((resolve) => (timer = setTimeout(resolve, CLOSE_WITHIN_MS)));
    await Promise.race([this.#ready, deadline]);
    flush();
    const link = this.#link;
    if (link) {
      const closed = new Promise<void>((resolve) => (this.#closed = resolve));
      link.send({ type: 'close' });
      await Promise.race([closed, deadline]);
    }
    clearTimeout(timer);
    if (this.#slowStart) clearTimeout(this.#slowStart);
    this.#giveUp('the hub is closing');
    await link?.end();
  }

  #start(): void {
    this.#restart = null;
    try {
      this.#link = this.#options.open(
        { file: this.#options.file, limits: this.#limits },
        { message: (message) => this.#receive(message), died: (reason) => this.#died(reason) },
      );
    } catch (error) {
      this.#died((error as Error).message);
    }
  }

  #receive(message: FromStore): void {
    switch (message.type) {
      case 'opened':
        return this.#opened(message.maxId, message.warning);
      case 'unavailable':
        return this.#unavailable(message.reason);
      case 'written':
        this.#confirm(message.dropped);
        this.#error = message.error;
        this.#options.onSpent(message.spent);
        return;
      case 'found':
        this.#calls.get(message.call)?.found?.(message.found);
        return;
      case 'answer':
        this.#take(message.call)?.resolve(message.answer);
        return;
      case 'refused':
        this.#take(message.call)?.reject(unusable(message.reason));
        return;
      case 'closed':
        this.#closed?.();
    }
  }

  #opened(maxId: number, warning: string | null): void {
    this.#error = null;
    this.#restartMs = RESTART_FIRST_MS;
    if (warning !== null) this.#warning = warning;
    if (this.#gaveIds && !this.#hasOpened) this.#foreignIds = maxId;
    this.#hasOpened = true;
    this.#giveIds(maxId);
  }

  /** Rows are numbered from 1 then: they are seen in memory only. */
  #unavailable(reason: string): void {
    this.#error = reason;
    if (!this.#gaveIds) this.#giveIds(0);
  }

  #giveIds(largest: number): void {
    this.#gaveIds = true;
    if (this.#slowStart) clearTimeout(this.#slowStart);
    this.#options.onIds(largest);
    this.#markReady();
  }

  #confirm(dropped: number): void {
    const confirmed = this.#unconfirmed.shift();
    if (!confirmed) return;
    this.#unconfirmedRows -= confirmed.rows;
    this.#unconfirmedBytes -= confirmed.bytes;
    this.#dropped += dropped;
  }

  #take(call: number): Call | undefined {
    const waiting = this.#calls.get(call);
    this.#calls.delete(call);
    return waiting;
  }

  #died(reason: string): void {
    this.#unavailable(reason);
    this.#giveUp(reason);
    this.#closed?.();
    if (this.#isClosing) return;
    this.#restart = setTimeout(() => this.#start(), this.#restartMs);
    this.#restart.unref();
    this.#restartMs = Math.min(RESTART_LAST_MS, this.#restartMs * 2);
  }

  /** Nothing more will come from this worker. */
  #giveUp(reason: string): void {
    this.#link = null;
    this.#dropped += this.#unconfirmedRows;
    this.#unconfirmed.length = 0;
    this.#unconfirmedRows = 0;
    this.#unconfirmedBytes = 0;
    for (const call of this.#calls.values()) call.reject(unusable(reason));
    this.#calls.clear();
  }
}

const unusable = (reason: string): PatchbayError =>
  new PatchbayError('INTERNAL', `The traffic log cannot be read: ${reason}.`);
