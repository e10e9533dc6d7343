import type { Socket } from 'node:net';
import { splitLines } from '../frames/split-lines.ts';
import type { Endpoint, Reply } from '../routes/mux/mux.ts';
import { isTooSlow } from './slow-reader.ts';
import type { LiveConversations } from './live-conversation.ts';
import { MessageInlet } from './receive-message.ts';
import { failureFrame, RPC } from './rpc-failure.ts';
import type { ShimHello, Welcome } from './shim-protocol.ts';

/** Whoever writes its requests and closes its end at once gets answers that come within this time, as from a pipe. */
const LAST_ANSWERS_MS = 2_000;
/** A client that does not read its answers gets no more of its requests read until it does (C20). */
const PAUSE_READING_BYTES = 4 * 1024 * 1024;

export interface ShimConversationOptions {
  socket: Socket;
  hello: ShimHello;
  /** Bytes that came with the hello. */
  rest: Buffer;
  endpoint: Endpoint;
  user: string;
  conversations: LiveConversations;
}

/**
 * Serves a shim whose server is not its own: all servers, a profile, or a shared one. A shim that lost an earlier hub
 * says the client's handshake again by itself. Resolves when the conversation is over; false when there is no room.
 */
export async function serveShimConversation(options: ShimConversationOptions): Promise<boolean> {
  const { socket, hello, rest, endpoint, user, conversations } = options;
  const writer = new LineWriter(socket);
  const live = conversations.open({
    endpoint,
    caller: {
      sessionId: hello.session,
      client: hello.client,
      user,
      transport: 'shim',
      cwd: hello.cwd,
      env: hello.env,
    },
    channel: writer,
    pid: hello.pid,
    resumed: hello.resumed,
    isWitness: hello.witness,
    disconnect: () => socket.end(),
  });
  if (!live) return false;
  // No process is this session's own, so there is none for the shim to see out.
  const welcome: Welcome = { ok: true, instance: '', pid: 0, mark: null };
  socket.write(`${JSON.stringify(welcome)}\n`);

  const inlet = new MessageInlet(live.conversation, writer);
  let receivedAt = 0;
  const lines = splitLines({
    line: (line) => {
      if (inlet.receive(line, receivedAt)) writer.owed += 1;
    },
    oversized: (bytes) => {
      const message = `Invalid request: a message of ${bytes} bytes is more than the hub takes.`;
      writer.owed += 1;
      writer.answer(failureFrame({ code: RPC.invalidRequest, message }));
    },
  });
  const receive = (chunk: Buffer): void => {
    receivedAt = performance.now();
    lines.push(chunk);
  };
  await new Promise<void>((resolve) => {
    socket.on('data', receive);
    socket.once('end', () => {
      lines.end();
      resolve();
    });
    socket.once('close', () => resolve());
    if (rest.length > 0) receive(rest);
    socket.resume();
  });
  if (socket.writable) await writer.answered(LAST_ANSWERS_MS);
  await live.close();
  socket.end();
  return true;
}

const NEWLINE = Buffer.from('\n');

/** Channel and every request's reply at once. What is said within one turn of the event loop is one write. */
class LineWriter implements Reply {
  /** Answers that are still to come. */
  owed = 0;
  readonly #socket: Socket;
  #isCorked = false;
  #isPaused = false;
  #settled: (() => void) | null = null;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  send(frame: Buffer): void {
    this.#write(frame, false);
  }

  answer(frame: Buffer): void {
    this.owed -= 1;
    this.#write(frame, true);
    if (this.owed === 0) this.#settled?.();
  }

  /** Resolves when no answer is owed, the connection is gone or the time is up. */
  answered(withinMs: number): Promise<void> {
    if (this.owed <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, withinMs);
      this.#settled = () => {
        clearTimeout(timer);
        resolve();
      };
      this.#socket.once('close', this.#settled);
    });
  }

  #write(frame: Buffer, isAnswer: boolean): void {
    const socket = this.#socket;
    if (!socket.writable) return;
    const { writableLength } = socket;
    if (isTooSlow(socket, writableLength, isAnswer)) return void socket.destroy();
    if (!this.#isCorked) {
      this.#isCorked = true;
      socket.cork();
      process.nextTick(this.#uncork);
    }
    socket.write(frame);
    socket.write(NEWLINE);
    if (writableLength > PAUSE_READING_BYTES && !this.#isPaused) {
      this.#isPaused = true;
      socket.pause();
      socket.once('drain', () => {
        this.#isPaused = false;
        socket.resume();
      });
    }
  }

  readonly #uncork = (): void => {
    this.#isCorked = false;
    this.#socket.uncork();
  };
}
