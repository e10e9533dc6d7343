import type { Readable, Writable } from 'node:stream';
import { listChangedFrame } from '../hub/frames/list-changes.ts';
import { readEnvelope } from '../hub/frames/read-envelope.ts';
import { splitLines, type LineSplitter } from '../hub/frames/split-lines.ts';
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
}

const NEWLINE = Buffer.from('\n');
const LOST_CODE = -32_000;

/**
 * Moves bytes between the client and the present upstream, which may be replaced in mid-session: the client never
 * sees its server die. Bytes are handed on first and looked at afterwards.
 */
export class Relay {
  readonly #client: { input: Readable; output: Writable };
  readonly #events: RelayEvents;
  readonly #memory = new HandshakeMemory();
  readonly #seen: LineSplitter;
  #upstream: Upstream | null = null;
  #clientEnded = false;

  constructor(client: { input: Readable; output: Writable }, events: RelayEvents) {
    this.#client = client;
    this.#events = events;
    this.#seen = splitLines({ line: (line) => this.#memory.fromClient(line), oversized: () => {} });
    client.input.on('data', (chunk: Buffer) => {
      const upstream = this.#upstream;
      if (!upstream) return;
      if (!upstream.input.write(chunk)) {
        client.input.pause();
        upstream.input.once('drain', () => this.#upstream === upstream && client.input.resume());
      }
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
   * Connects to a first or a new upstream. On a new one the handshake is replayed and its answer kept from the
   * client; frames the old one never finished reading are sent again; lists are announced as changed.
   */
  attach(upstream: Upstream, rest: Buffer): void {
    this.#upstream = upstream;
    const { replay } = this.#memory;
    const gate = new WholeLines((bytes) => this.#toClient(bytes, upstream));
    const observed = splitLines({ line: (line) => this.#memory.fromServer(line), oversized: () => {} });
    let receive = (chunk: Buffer): void => {
      gate.push(chunk);
      observed.push(chunk);
    };
    if (replay) {
      const pass = receive;
      const lines = splitLines({
        line: (line) => {
          const envelope = swallowing ? readEnvelope(line) : null;
          if (envelope?.kind === 'response' && envelope.id === replay.id) {
            swallowing = false;
            this.#afterReplay(upstream, replay.initialized);
          } else pass(Buffer.concat([line, NEWLINE]));
        },
        oversized: () => {},
      });
      let swallowing = true;
      receive = (chunk) => {
        lines.push(chunk);
        if (swallowing) return;
        pass(lines.pending());
        receive = pass;
      };
    }

    upstream.output.on('data', (chunk: Buffer) => receive(chunk));
    upstream.output.on('error', () => {});
    upstream.input.on('error', () => {});
    upstream.output.once('close', () => {
      if (this.#upstream !== upstream) return;
      this.#upstream = null;
      this.#client.input.pause();
      if (this.#clientEnded) gate.flush();
      else gate.drop();
      this.#events.lost();
    });
    if (rest.length > 0) receive(rest);
    upstream.output.resume();

    if (replay) {
      upstream.input.write(Buffer.concat([replay.initialize, NEWLINE]));
    } else {
      for (const line of this.#memory.takeOpen().again) upstream.input.write(Buffer.concat([line, NEWLINE]));
      this.#startClient(upstream);
    }
  }

  /** Tells the client that what was under way is lost. Nothing is repeated: a tool may have acted already. */
  failOpenRequests(message: string): void {
    for (const id of this.#memory.takeOpen().failed) this.#answerError(id, message);
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

  #afterReplay(upstream: Upstream, initialized: Buffer | null): void {
    if (initialized) upstream.input.write(Buffer.concat([initialized, NEWLINE]));
    for (const kind of this.#memory.listChanged) {
      this.#client.output.write(Buffer.concat([listChangedFrame(kind), NEWLINE]));
    }
    this.#startClient(upstream);
  }

  #startClient(upstream: Upstream): void {
    const unfinished = this.#seen.pending();
    if (unfinished.length > 0) upstream.input.write(unfinished);
    if (this.#clientEnded) upstream.input.end();
    else this.#client.input.resume();
  }

  #toClient(bytes: Buffer, upstream: Upstream): void {
    if (this.#client.output.write(bytes)) return;
    upstream.output.pause();
    this.#client.output.once('drain', () => upstream.output.resume());
  }

  #answerError(id: string, message: string): void {
    const error = JSON.stringify({ code: LOST_CODE, message });
    this.#client.output.write(`{"jsonrpc":"2.0","id":${id},"error":${error}}\n`);
  }
}
