import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { createChildRecords } from '../../../electron/hub/servers/child-records.ts';
import {
  InstancePool,
  type Instance,
  type InstancePoolOptions,
} from '../../../electron/hub/servers/instance-pool.ts';
import type {
  ConnectionEnd,
  ConnectionFailure,
  ServerConnection,
} from '../../../electron/hub/servers/server-connection.ts';
import { connectStdio } from '../../../electron/hub/servers/stdio-connection.ts';
import type { Launch } from '../../../electron/hub/supervisor/spawn-server.ts';
import { fixtureServer } from '../../support/shim.ts';
import type { TemporaryHome } from '../../support/temporary-home.ts';

/** One of test/fixtures/servers, as a client of this home would start it. */
export const launchOf = (home: TemporaryHome, fixture: string, extra: Partial<Launch> = {}): Launch => ({
  command: process.execPath,
  args: [fixtureServer(fixture)],
  cwd: home.project,
  env: { ...home.env },
  ...extra,
});

/** A pool as the hub has it, with its records in this home. `changed` listeners are told of every change. */
export function openPool(
  home: TemporaryHome,
  options: InstancePoolOptions = {},
): { pool: InstancePool; until(isSo: () => boolean): Promise<void> } {
  const run = path.join(home.dataDir, 'run');
  mkdirSync(run, { recursive: true, mode: 0o700 });
  const waiting = new Set<() => void>();
  const pool = new InstancePool(
    () => {
      for (const look of waiting) look();
    },
    createChildRecords(run),
    { ladder: { eofMs: 300, termMs: 300 }, ...options },
  );
  return {
    pool,
    until: (isSo) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!isSo()) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
  };
}

/** A connection that keeps what it is told. */
export interface Wire {
  readonly connection: ServerConnection;
  readonly frames: string[];
  readonly raw: Buffer[];
  readonly oversized: number[];
  readonly failures: (ConnectionFailure & { request: number })[];
  readonly closed: Promise<ConnectionEnd>;
  /** Sends a request and resolves with the text of its answer's first content; rejects when the server ends first. */
  call(tool: string): Promise<string>;
  /** Resolves with the first frame, past or future, that fits. */
  frame(fits: (frame: string) => boolean): Promise<string>;
}

export function wireTo(instance: Instance): Wire {
  const frames: string[] = [];
  const raw: Buffer[] = [];
  const oversized: number[] = [];
  const failures: (ConnectionFailure & { request: number })[] = [];
  const waiting = new Set<() => void>();
  let end: ConnectionEnd | null = null;
  let nextId = 1;
  const wake = (): void => {
    for (const look of waiting) look();
  };
  let tellEnd: ((end: ConnectionEnd) => void) | null = null;
  const closed = new Promise<ConnectionEnd>((resolve) => (tellEnd = resolve));
  const connection = connectStdio(instance, {
    frame(bytes) {
      if (end) throw new Error('A frame after the end.');
      raw.push(Buffer.from(bytes));
      frames.push(bytes.toString());
      wake();
    },
    oversized: (bytes) => void oversized.push(bytes),
    failed: (request, failure) => void failures.push({ request, ...failure }),
    closed(told) {
      if (end) throw new Error('The end was told twice.');
      end = told;
      tellEnd?.(told);
      wake();
    },
  });
  const wire: Wire = {
    connection,
    frames,
    raw,
    oversized,
    failures,
    closed,
    frame: (fits) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = frames.find(fits);
          if (found === undefined && !end) return;
          waiting.delete(look);
          if (found === undefined) reject(new Error(`The server ${end!.reason}.`));
          else resolve(found);
        };
        waiting.add(look);
        look();
      }),
    async call(tool) {
      const id = nextId++;
      const params = { name: tool, arguments: {} };
      send(wire, id, { jsonrpc: '2.0', id, method: 'tools/call', params });
      const frame = await wire.frame((text) => text.includes(`"id":${id}`));
      const { result } = JSON.parse(frame) as { result: { content: { text: string }[] } };
      return result.content[0]!.text;
    },
  };
  return wire;
}

/** Sends one message; `id` null for a notification. */
export function send({ connection }: Wire, id: number | null, message: object): void {
  connection.send(Buffer.from(JSON.stringify(message)), {
    request: id,
    method: null,
    target: null,
    protocolVersion: null,
    parameterHeaders: null,
  });
}
