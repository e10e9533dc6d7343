import { connect, type Socket } from 'node:net';
import { HttpReader, type HttpAnswer } from './http-reader.ts';

/** Servers close connections that nobody uses, Node's after 5 s; a request must not meet that. */
const FRESH_MS = 4_000;

interface Lane {
  socket: Socket;
  isWaiting: boolean;
  usedAt: number;
}

/** Keep-alive connections to one port of this machine, one for each lane, one request at a time on each. */
export class HttpLanes {
  readonly #port: number;
  readonly #onAnswer: (lane: number, answer: HttpAnswer) => void;
  readonly #onFailure: (error: Error) => void;
  readonly #lanes: (Lane | undefined)[] = [];

  constructor(
    port: number,
    onAnswer: (lane: number, answer: HttpAnswer) => void,
    onFailure: (error: Error) => void,
  ) {
    this.#port = port;
    this.#onAnswer = onAnswer;
    this.#onFailure = onFailure;
  }

  /** Makes so many lanes ready to send on. Rejects when nobody listens. */
  async reserve(lanes: number): Promise<void> {
    for (let lane = 0; lane < lanes; lane += 1) {
      const present = this.#lanes[lane];
      if (present && performance.now() - present.usedAt < FRESH_MS) continue;
      this.#lanes[lane] = undefined;
      present?.socket.destroy();
      await this.#open(lane);
    }
  }

  /** One request, in one write. */
  send(lane: number, request: string): void {
    const used = this.#lanes[lane]!;
    used.isWaiting = true;
    used.socket.write(request, 'latin1');
  }

  close(): void {
    for (const lane of this.#lanes.splice(0)) lane?.socket.destroy();
  }

  async #open(lane: number): Promise<void> {
    const socket = await openSocket(this.#port);
    const opened: Lane = { socket, isWaiting: false, usedAt: performance.now() };
    this.#lanes[lane] = opened;
    const reader = new HttpReader((answer) => {
      opened.isWaiting = false;
      opened.usedAt = performance.now();
      this.#onAnswer(lane, answer);
    });
    const lost = (error: Error): void => {
      if (this.#lanes[lane] === opened) this.#onFailure(error);
    };
    socket.on('data', (chunk: Buffer) => {
      try {
        reader.push(chunk);
      } catch (error) {
        lost(error as Error);
      }
    });
    socket.on('error', lost);
    socket.once('close', () => {
      if (opened.isWaiting) return lost(new Error('The server closed the connection.'));
      if (this.#lanes[lane] === opened) this.#lanes[lane] = undefined;
    });
  }
}

/** Rejects when nobody listens. */
export function openSocket(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      resolve(socket);
    });
  });
}
