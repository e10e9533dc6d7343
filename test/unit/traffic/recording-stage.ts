import { CELL, CELLS } from '../../../electron/hub/traffic/exchange-batch.ts';
import { ExchangeQueue } from '../../../electron/hub/traffic/exchange-queue.ts';
import type { ExchangeRecord } from '../../../electron/hub/traffic/exchange-record.ts';
import { createRecorder, type Recorder } from '../../../electron/hub/traffic/recorder.ts';
import type { Direction, Exchange } from '../../../shared/model/exchange.ts';
import { HubSettings } from '../../../shared/model/settings.ts';

export const UP: Direction = 'client-to-server';
export const DOWN: Direction = 'server-to-client';

export const session = {
  sessionId: 's1',
  client: 'claude-code',
  project: '/home/me/web',
  server: 'github',
  instanceId: 'i1',
};

export interface Stage {
  recorder: Recorder;
  /** May be changed while it records. */
  settings: HubSettings;
  /** Rows by id, newest state. */
  rows(): Exchange[];
  stored(): ExchangeRecord[];
  /** Captured text by `id part`. */
  bodies: Map<string, string>;
  finished: Exchange[];
  /** Calls of clients under way, by instance. */
  open: Map<string, number>;
}

/** A recorder whose batches are kept here. */
export function stage(settings: Partial<HubSettings> = {}): Stage {
  const byId = new Map<number, ExchangeRecord>();
  const bodies = new Map<string, string>();
  const finished: Exchange[] = [];
  const queue = new ExchangeQueue({
    onBatch(records, { rows, cells, bodies: data }) {
      for (const record of records) byId.set(record.id, record);
      const frames = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
      for (let base = 0; base < rows * CELLS; base += CELLS) {
        for (const part of ['request', 'response'] as const) {
          const offset = cells[base + CELL[`${part}Offset`]]!;
          const length = cells[base + CELL[`${part}Length`]]!;
          if (offset === -1) continue;
          const text = frames.toString('utf8', offset, offset + length);
          bodies.set(`${cells[base + CELL.id]} ${part}`, text);
        }
      }
    },
  });
  queue.idsAfter(0);
  const open = new Map<string, number>();
  const current = HubSettings.parse(settings);
  const recorder = createRecorder({
    queue,
    settings: () => current,
    now: () => 1_700_000_000_000,
    onCall: (instanceId, change) => void open.set(instanceId, (open.get(instanceId) ?? 0) + change),
    onFinished: (record) => finished.push(record.toExchange()),
  });
  const stored = (): ExchangeRecord[] => {
    queue.flush();
    return [...byId.values()];
  };
  return {
    recorder,
    settings: current,
    rows: () => stored().map((record) => record.toExchange()),
    stored,
    bodies,
    finished,
    open,
  };
}
