import { idOf } from './calls.ts';

/** One session of a client with a target, as raw as its transport allows. */
export interface Wire {
  /** Every frame the server sends: responses, but also what it says on its own. */
  onFrame: (frame: Buffer) => void;
  /** The connection is gone or broke the rules of its transport. */
  onFailure: (error: Error) => void;
  /** Makes ready for so many calls at a time (over HTTP: a socket for each). */
  reserve(lanes: number): Promise<void>;
  /** Sends a request in one write. A lane carries one call at a time. */
  send(lane: number, frame: string): void;
  /** Sends a notification; resolves when the lane 0 is free again. */
  notify(frame: string): Promise<void>;
  close(): void;
}

/** Nothing that is measured takes longer than this for one answer. */
const ANSWER_MS = 20_000;

/** Asks one thing and resolves with its answer; rejects on failure, silence, or a JSON-RPC error. */
export function ask(wire: Wire, method: string, params: object = {}): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`No answer to ${method} in ${ANSWER_MS} ms.`)),
      ANSWER_MS,
    );
    wire.onFailure = (error) => {
      clearTimeout(timer);
      reject(error);
    };
    wire.onFrame = (frame) => {
      if (idOf(frame) !== 0) return;
      clearTimeout(timer);
      wire.onFailure = () => {};
      const answer = JSON.parse(frame.toString('utf8')) as Record<string, unknown>;
      if (answer.result === undefined) reject(new Error(`${method}: ${frame.toString('utf8', 0, 300)}`));
      else resolve(answer.result as Record<string, unknown>);
    };
    wire.send(0, JSON.stringify({ jsonrpc: '2.0', id: 0, method, params }));
  });
}

/** The handshake of the older era. */
export async function initialize(wire: Wire): Promise<void> {
  await wire.reserve(1);
  await ask(wire, 'initialize', {
    protocolVersion: '2025-06-18',
    capabilities: {},
    clientInfo: { name: 'patchbay-bench', version: '1.0.0' },
  });
  await wire.notify('{"jsonrpc":"2.0","method":"notifications/initialized"}');
}

/** Handshake and list: what a client does before it can use a server. Throws when there are no tools. */
export async function firstTools(wire: Wire): Promise<void> {
  await initialize(wire);
  const { tools } = await ask(wire, 'tools/list');
  if (!Array.isArray(tools) || tools.length === 0) throw new Error('The tools/list is empty.');
}

/** Many sessions as one: lane n is session n, with one call in flight each. */
export function manyWires(wires: readonly Wire[]): Wire {
  const all: Wire = {
    onFrame: () => {},
    onFailure: () => {},
    reserve: async () => void (await Promise.all(wires.map((wire) => wire.reserve(1)))),
    send: (lane, frame) => wires[lane]!.send(0, frame),
    notify: async () => {},
    close: () => wires.forEach((wire) => wire.close()),
  };
  for (const wire of wires) {
    wire.onFrame = (frame) => all.onFrame(frame);
    wire.onFailure = (error) => all.onFailure(error);
  }
  return all;
}
