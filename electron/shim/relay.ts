import type { Readable, Writable } from 'node:stream';
import { readCutEnvelope } from '../hub/frames/skim-envelope.ts';
import { splitLines, type LineSplitter } from '../hub/frames/split-lines.ts';
import { CarriedOver } from './carried-over.ts';
import { HandshakeMemory } from './handshake-memory.ts';
import { WholeLines } from './whole-lines.ts';

/** A server's two pipes, whoever runs it. */
export interface Upstream {
  input: Writable;
  output: Readable;
}

export interface RelayEvents {
  /** The upstream ended although the client did not ask for it. */
  lost(): void;
  /** The client has closed its end; the upstream, if there is one, was told. */
  clientEnded(): void;
  /** Asked while the client is held up, since its end cannot be seen then. */
  isClientAlive(): boolean;
  /** The client has gone while it was held up. */
  clientGone(): void;
}

const NEWLINE = Buffer.from('\n');
const LOST_CODE = -32_000;
const LOOK_MS = 5_000;

/** Longer lines of a server are looked at from both ends only: to pair an answer with its request that is enough. */
const MAX_SEEN_BYTES = 256 * 1024;

/**
 * Moves bytes between the client and the present upstream, which may be replaced in mid-session: the client never
 * sees its server die. Bytes are handed on first and looked at afterwards.
 */
export class Relay {
  readonly #client: { input: Readable; output: Writable };
  readonly #events: RelayEvents;
  readonly #memory = new HandshakeMemory();
  readonly #carried = new CarriedOver();
  readonly #seen: LineSplitter;
  /** Set while frames of the client have to be read before they are handed on. */
  #clientLines: LineSplitter | null = null;
  #upstream: Upstream | null = null;
  #clientEnded = false;
  #look: NodeJS.Timeout | null = null;

  constructor(client: { input: Readable; output: Writable }, events: RelayEvents) {
    this.#client = client;
    this.#events = events;
    this.#seen = splitLines({ line: (line) => this.#memory.fromClient(line), oversized: () => {} });
    client.input.on('data', (chunk: Buffer) => {
      const upstream = this.#upstream;
      if (!upstream) return;
      if (this.#clientLines === null) this.#toServer(chunk, upstream);
      else this.#toServerByLine(this.#clientLines, chunk, upstream);
      this.#seen.push(chunk);
    });
    client.input.on('end', () => {
      this.#clientEnded = true;
      this.#upstream?.input.end();
      events.clientEnded();
    });
    client.input.pause();
    client.output.on('error', () => process.exit(0));
  }

  /** True once the server has answered, so that a failure must no longer look like a server that never started. */
  get established(): boolean {
    return this.#memory.sawAnswer;
  }

  get attached(): boolean {
    return this.#upstream !== null;
  }

  get clientHasEnded(): boolean {
    return this.#clientEnded;
  }

  /**
   * Connects to a first or a new upstream. A new one is told what the client has said to the old one, and its answers
   * to that are kept from the client; frames that have done nothing yet are sent again; lists are announced as
   * changed.
   */
  attach(upstream: Upstream, rest: Buffer): void {
    this.#upstream = upstream;
    const { replay } = this.#memory;
    this.#carried.expect(replay ? [replay.id, ...replay.lasting.map(({ id }) => id)] : []);
    this.#clientLines = this.#carried.isClientClear ? null : this.#linesOfClient(upstream);
    const gate = new WholeLines((bytes) => this.#toClient(bytes, upstream));
    const receive = this.#receiver(gate, () => {
      if (replay?.initialized) writeLine(upstream.input, replay.initialized);
      for (const { line } of replay?.lasting ?? []) writeLine(upstream.input, line);
      this.#goOn(upstream);
    });

    upstream.output.on('data', receive);
    upstream.output.on('error', () => {});
    upstream.input.on('error', () => {});
    upstream.input.on('drain', () => {
      if (this.#upstream === upstream && this.#stopLooking()) this.#client.input.resume();
    });
    upstream.output.once('close', () => {
      if (this.#upstream !== upstream) return;
      this.#upstream = null;
      this.#stopLooking();
      this.#client.input.pause();
      if (this.#clientEnded) gate.flush();
      else gate.drop();
      this.#events.lost();
    });
    if (rest.length > 0) receive(rest);
    upstream.output.resume();

    if (replay) return writeLine(upstream.input, replay.initialize);
    for (const line of this.#memory.takeOpen().again) writeLine(upstream.input, line);
    this.#goOn(upstream);
  }

  /** Tells both sides what is lost. Nothing is repeated: a tool may have acted already. */
  failOpenRequests(message: string): void {
    for (const id of this.#memory.takeOpen().failed) this.#answerError(id, message);
    const asked = this.#memory.takeAsked();
    this.#carried.forsake(asked);
    for (const id of asked) {
      const params = `{"requestId":${id},"reason":${JSON.stringify(message)}}`;
      this.#client.output.write(`{"jsonrpc":"2.0","method":"notifications/cancelled","params":${params}}\n`);
    }
  }

  /**
   * Answers everything the client asks with one error while there is no server, until `wake` says that it is worth
   * trying again; the request that woke it is answered too.
   */
  refuseRequests(message: string, wake: () => void): void {
    const listen = (chunk: Buffer): void => {
      this.#seen.push(chunk);
      const { failed } = this.#memory.takeOpen();
      for (const id of failed) this.#answerError(id, message);
      if (failed.length === 0) return;
      this.#client.input.off('data', listen);
      this.#client.input.pause();
      wake();
    };
    this.#client.input.on('data', listen);
    this.#client.input.resume();
  }

  /** Takes in the upstream's bytes: line by line as long as something in them must be changed, else as they come. */
  #receiver(gate: WholeLines, replayed: () => void): (chunk: Buffer) => void {
    const memory = this.#memory;
    const carried = this.#carried;
    const replayId = memory.replay?.id ?? null;
    let isReplayed = replayId === null;
    const observed = splitLines(
      { line: (line) => memory.fromServer(line), oversized: (_bytes, edges) => memory.fromServerCut(edges) },
      MAX_SEEN_BYTES,
    );
    const pass = (chunk: Buffer): void => {
      gate.push(chunk);
      observed.push(chunk);
    };
    let lines: LineSplitter | null = carried.isServerClear
      ? null
      : splitLines({
          line: (line) => {
            const frame = carried.fromServer(line);
            if (frame) pass(Buffer.concat([frame, NEWLINE]));
            if (isReplayed || carried.awaits(replayId!)) return;
            isReplayed = true;
            replayed();
          },
          oversized: (bytes, edges) => this.#refuseCut(edges, 'response', bytes),
        });
    return (chunk) => {
      if (lines === null) return pass(chunk);
      lines.push(chunk);
      if (!carried.isServerClear) return;
      pass(lines.pending());
      lines = null;
    };
  }

  #linesOfClient(upstream: Upstream): LineSplitter {
    return splitLines({
      line: (line) => {
        const frame = this.#carried.fromClient(line);
        if (frame) this.#toServer(Buffer.concat([frame, NEWLINE]), upstream);
      },
      oversized: (bytes, edges) => this.#refuseCut(edges, 'request', bytes),
    });
  }

  #toServerByLine(lines: LineSplitter, chunk: Buffer, upstream: Upstream): void {
    lines.push(chunk);
    if (!this.#carried.isClientClear) return;
    this.#clientLines = null;
    this.#toServer(lines.pending(), upstream);
  }

  #toServer(bytes: Buffer, upstream: Upstream): void {
    if (upstream.input.write(bytes)) return;
    this.#client.input.pause();
    this.#look ??= setInterval(() => {
      if (!this.#events.isClientAlive()) this.#events.clientGone();
    }, LOOK_MS).unref();
  }

  /** True when the client was held up. */
  #stopLooking(): boolean {
    if (this.#look === null) return false;
    clearInterval(this.#look);
    this.#look = null;
    return true;
  }

  #toClient(bytes: Buffer, upstream: Upstream): void {
    if (this.#client.output.write(bytes)) return;
    upstream.output.pause();
    this.#client.output.once('drain', () => upstream.output.resume());
  }

  /** The new upstream knows all it must know: the client goes on with it. */
  #goOn(upstream: Upstream): void {
    for (const frame of this.#memory.listChangedFrames()) writeLine(this.#client.output, frame);
    // It was handed to the old upstream already, without its end.
    const unfinished = this.#seen.pending();
    if (this.#clientLines !== null) this.#clientLines.push(unfinished);
    else if (unfinished.length > 0) upstream.input.write(unfinished);
    if (this.#clientEnded) upstream.input.end();
    else this.#client.input.resume();
  }

  /** A line that had to be read and is too long to keep is not handed on; who waits for it is told. */
  #refuseCut(edges: Buffer, kind: 'request' | 'response', bytes: number): void {
    const envelope = readCutEnvelope(edges);
    if (envelope?.kind !== kind || envelope.id === null) return;
    this.#answerError(envelope.id, `Patchbay: a message of ${bytes} bytes was too long to be carried over.`);
  }

  #answerError(id: string, message: string): void {
    const error = JSON.stringify({ code: LOST_CODE, message });
    this.#client.output.write(`{"jsonrpc":"2.0","id":${id},"error":${error}}\n`);
  }
}

const writeLine = (output: Writable, line: Buffer): void => void output.write(Buffer.concat([line, NEWLINE]));
