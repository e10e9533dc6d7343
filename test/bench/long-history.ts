import { CELLS, encodeBatch } from '../../electron/hub/traffic/exchange-batch.ts';
import { ExchangeRecord, type Origin } from '../../electron/hub/traffic/exchange-record.ts';
import { ExchangeStore } from '../../electron/hub/traffic/exchange-store.ts';

/** Rows of one transaction. */
const BATCH = 10_000;
/** A session every so many rows, five of them at a time; each with a server of its own. */
const SESSION_ROWS = 5_000;
const TOGETHER = 5;
const SERVERS = 12;
const TOOLS = 40;
const DAYS = 12;
const DAY_MS = 86_400_000;

/** What is seldom in the history, and looked for. */
export const RARE = {
  /** One exchange of 100,000 calls this tool; its calls stand apart from each other. */
  tool: 'refund',
  every: 100_000,
  /** One of 250,000 fails with this word. */
  word: 'porcupine',
  wordEvery: 250_000,
  /** One of a million has a result this large. */
  bytes: 900_000_000,
  bytesEvery: 1_000_000,
} as const;

/**
 * Writes so many exchanges of the last twelve days through the store's own code: what a hub of many clients has after
 * a while, without bodies, which no filter looks at. Every row is a function of its number.
 */
export function writeHistory(file: string, rows: number, nowMs: number): void {
  const store = new ExchangeStore(file);
  try {
    const cells = new Float64Array(BATCH * CELLS);
    const msPerRow = (DAYS * DAY_MS) / rows;
    const origins: Origin[] = [];
    for (let first = 1; first <= rows; first += BATCH) {
      const records = Array.from({ length: Math.min(BATCH, rows - first + 1) }, (_, offset) => {
        const id = first + offset;
        const session = Math.floor(id / SESSION_ROWS) + (id % TOGETHER);
        const record = recordOf(id, (origins[session] ??= originOf(session)));
        record.at = Math.floor(nowMs - (rows - id) * msPerRow);
        return record;
      });
      store.write(encodeBatch(records, { cells, bodies: new Uint8Array(0) }, 0));
    }
  } finally {
    store.close();
  }
}

const originOf = (session: number): Origin => ({
  sessionId: `session-${session}`,
  client: ['claude-code', 'cursor', 'codex'][session % 3]!,
  project: `/home/somebody/projects/project-${session % 50}`,
  server: `server-${session % SERVERS}`,
  instanceId: `instance-${session}`,
});

/** The same row for the same number: pseudo-random, so that nothing stands in a pattern an index could profit from. */
function recordOf(id: number, origin: Origin): ExchangeRecord {
  const random = mixed(id);
  const record = new ExchangeRecord(origin, 'client-to-server', 'request');
  record.id = id;
  record.method = 'tools/call';
  record.tool = id % RARE.every === 0 ? RARE.tool : `tool-${random % TOOLS}`;
  record.rpcId = String(id);
  record.outcome = random % 211 === 0 ? 'tool-error' : 'ok';
  if (id % RARE.wordEvery === 1) {
    record.outcome = 'error';
    record.errorCode = -32_000;
    record.errorMessage = `No ${RARE.word} found`;
  } else if (record.outcome !== 'ok') record.errorMessage = 'The file is not there';
  record.requestBytes = 100 + (random % 900);
  record.responseSize = id % RARE.bytesEvery === 2 ? RARE.bytes : 200 + (random % 20_000);
  record.durationUs = random % 101 === 0 ? 1_000_000 + (random % 9_000_000) : 500 + (random % 300_000);
  record.hubInUs = 30 + (random % 50);
  record.serverUs = record.durationUs - record.hubInUs - 20;
  record.hubOutUs = 20;
  return record;
}

/** Bits well mixed (the end of MurmurHash3). */
function mixed(value: number): number {
  let bits = Math.imul(value ^ (value >>> 16), 0x85_eb_ca_6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2_b2_ae_35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
