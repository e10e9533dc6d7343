/** The moment of every picture. */
export const NOW = Date.UTC(2026, 2, 17, 14, 32, 10);

type Json = null | boolean | number | string | Json[] | JsonObject;
interface JsonObject {
  [key: string]: Json;
}

/** What the page asked for, as far as it decides over the figures of the answer. */
export interface Asked {
  /** Such as `/traffic/histogram`. */
  path: string;
  input: JsonObject;
}

const MINUTE = 60_000;
/** Between two exchanges of the log: what belongs to one long call lies within it. */
const STEP_MS = 40;

/** Calls that the pictures are about; all others take what their name gives. */
const KNOWN_MS: Readonly<Record<string, number>> = { chat: 486, search_files: 1_240, initialize: 412 };

/** A number from 0 to 1 that only the text decides (FNV-1a). */
function share(text: string): number {
  let hash = 2_166_136_261;
  for (let index = 0; index < text.length; index += 1)
    hash = Math.imul(hash ^ text.charCodeAt(index), 16_777_619) >>> 0;
  return (Math.imul(hash ^ (hash >>> 15), 2_246_822_519) >>> 0) / 2 ** 32;
}

/** From 2 to 200 ms, most of them short. */
const durationOf = (seed: string): number => KNOWN_MS[seed] ?? 2 * 100 ** share(seed);

/**
 * The answer with figures that are the same in each run: times, durations, memory, process ids. Everything else stays
 * as the hub gave it: how many rows there are, what they say, and in which order.
 */
export function steadyFigures({ path, input }: Asked, answer: Json): Json {
  if (path === '/traffic/histogram') return histogram(input, answer);
  if (path === '/latency/distribution') return distribution(input, answer as JsonObject);
  if (path === '/servers/stderr')
    return (answer as JsonObject[]).map((line, at) => ({ ...line, at: NOW - 9_000 + at }));
  if (path === '/settings/get') return answer;
  // The wizard looks whether it was begun after its own click.
  if (path === '/migration/run' && answer !== null) return { ...(answer as JsonObject), startedAt: NOW };
  if (path === '/traffic/context') return context(input, answer as JsonObject);
  if (path === '/traffic/get') return detail(answer as JsonObject);
  return walk(answer, path, 0);
}

const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

function walk(value: Json, seed: string, index: number): Json {
  if (Array.isArray(value)) return value.map((item, place) => walk(item, seed, place));
  if (typeof value === 'string') return momentsIn(value, index);
  if (typeof value !== 'object' || value === null) return value;
  if ('rpcId' in value) return exchange(value);
  const own = [seed, textOf(value.name), textOf(value.server), textOf(value.tool)].join(' ');
  const figures = 'p50Ms' in value ? percentiles(value, textOf(value.tool) || own) : value;
  const isParity = 'startBeforeMs' in value;
  return Object.fromEntries(
    Object.entries(figures).map(([key, item]) => {
      if (typeof item !== 'number') return [key, walk(item, own, index)];
      if (isParity && key.endsWith('Ms')) return [key, parityFigure(key, own)];
      return [key, figure(key, item, { seed: own, index })];
    }),
  );
}

function figure(key: string, value: number, { seed, index }: { seed: string; index: number }): number {
  if (/^(?:at|since|openedAt|startedAt)$/.test(key)) return NOW - (index + 2) * 7 * MINUTE;
  if (key === 'resolvedAt') return NOW - (index + 1) * 7 * MINUTE;
  if (key === 'pid') return 4_100 + index * 7 + Math.floor(share(seed) * 400);
  if (key === 'rssSaved') return value === 0 ? 0 : Math.round((24 + 20 * share(seed)) * 1e6);
  if (key.startsWith('rss')) return Math.round((48 + 40 * share(seed)) * 1e6);
  if (key === 'cpuPercent') return Math.round(share(seed) * 30) / 10;
  return value;
}

function exchange(row: JsonObject): JsonObject {
  const id = Number(row.id);
  const name = textOf(row.tool) || textOf(row.method);
  const duration = row.durationMs === null ? null : (KNOWN_MS[name] ?? durationOf(`${name} ${id}`));
  return {
    ...row,
    at: NOW - 30_000 + id * STEP_MS,
    durationMs: duration,
    hubMs: row.hubMs === null ? null : 0.1 + 0.3 * share(`hub ${id}`),
  };
}

function detail(answer: JsonObject): JsonObject {
  const row = exchange(answer.exchange as JsonObject);
  const [hubMs, durationMs] = [Number(row.hubMs), Number(row.durationMs)];
  const phases = answer.phases
    ? { queueMs: 0, hubInMs: hubMs * 0.6, serverMs: durationMs - hubMs, hubOutMs: hubMs * 0.4 }
    : null;
  return { ...(walk(answer, '', 0) as JsonObject), phases };
}

function context(input: JsonObject, answer: JsonObject): JsonObject {
  const id = Number(input.id);
  const at = NOW - 30_000 + id * STEP_MS;
  const steady = walk(
    { messages: answer.messages!, nearby: answer.nearby!, sameTool: answer.sameTool! },
    '',
    0,
  );
  const stderr = (answer.stderr as JsonObject[]).map((line, place) => ({
    ...line,
    at: at + 20 + place * 150,
  }));
  // Read once a second or so: how many there are is left to chance.
  const usage = [-400, 100, 600].map((later, place) => ({
    at: at + later,
    rssBytes: (58 + 3 * place) * 1e6,
    cpuPercent: [0.4, 12.5, 2][place]!,
  }));
  return { ...(steady as JsonObject), stderr, usage };
}

function percentiles(row: JsonObject, seed: string): JsonObject {
  const p50Ms = durationOf(seed);
  const more: JsonObject = {};
  if ('hubP50Ms' in row) more.hubP50Ms = 0.1 + 0.2 * share(seed);
  if (Array.isArray(row.spark)) more.spark = spread(Number(row.count), row.spark.length, `spark ${seed}`);
  return { ...row, p50Ms, p90Ms: p50Ms * 1.7, p99Ms: p50Ms * 2.6, maxMs: p50Ms * 3.1, ...more };
}

function parityFigure(key: string, seed: string): number {
  const start = 280 + 300 * share(seed);
  const answer = 2 + 5 * share(seed);
  if (key.startsWith('start')) return key === 'startAfterMs' ? start + 21 : start;
  return key === 'latencyAfterMs' ? answer + 0.3 : answer;
}

function histogram(input: JsonObject, answer: Json): Json {
  const slices = answer as JsonObject[];
  const sum = (key: string): number => slices.reduce((total, slice) => total + Number(slice[key]), 0);
  const count = Number(input.slices);
  const sliceMs = (Number(input.until) - Number(input.from)) / count;
  const all = spread(sum('count'), count, 'all');
  // A failure is one of the calls of its slice.
  let failed = sum('failed');
  return all.map((calls, place) => {
    const here = Math.min(failed, calls > 1 ? 1 : 0);
    failed -= here;
    return { at: Number(input.from) + place * sliceMs, count: calls, failed: here };
  });
}

function distribution(input: JsonObject, answer: JsonObject): JsonObject {
  // The hub's reach as far as the slowest call was slow.
  const bounds = Array.from({ length: 18 }, (_, place) => 1.3 ** (place + 1));
  const total = answer.total as JsonObject;
  const seed = /tool:(\S+)/.exec(textOf(input.filter))?.[1] ?? '';
  const calls = Number(total.count);
  const figures = percentiles(total, seed);
  const middle = bounds.findIndex((bound) => bound >= Number(figures.p50Ms));
  const bucketOf = (call: number): number =>
    Math.max(0, Math.min(bounds.length - 1, middle - 3 + Math.floor(7 * share(`${seed} ${call}`))));
  const counted = (those: readonly number[]): number[] =>
    bounds.map((_, bucket) => those.filter((call) => bucketOf(call) === bucket).length);
  const SLICES = 60;
  const sliceMs = Number(input.sinceMs ?? 60 * MINUTE) / SLICES;
  const numbers = Array.from({ length: calls }, (_, call) => call);
  return {
    boundsMs: bounds,
    counts: counted(numbers),
    slices: Array.from({ length: SLICES }, (_, place) => ({
      at: NOW - (SLICES - place) * sliceMs,
      counts: counted(numbers.filter((call) => Math.floor(SLICES * share(`slice ${call}`)) === place)),
    })),
    hub: { p50Ms: 0.2, p90Ms: 0.3, p99Ms: 0.5 },
    total: figures,
  };
}

/** So many calls over so many slices, the same ones each time. */
function spread(calls: number, slices: number, seed: string): number[] {
  const counts = Array.from({ length: slices }, () => 0);
  for (let call = 0; call < calls; call += 1) {
    const slice = Math.floor(slices * (1 - share(`${seed} ${call}`) ** 2));
    counts[Math.min(slices - 1, slice)]! += 1;
  }
  return counts;
}

const ISO = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g;
/** Epoch milliseconds in what a server said. */
const EPOCH = /\b1[789]\d{11}\b/g;

const momentsIn = (text: string, index: number): string =>
  text.replaceAll(ISO, new Date(NOW - (index + 1) * 7 * MINUTE).toISOString()).replaceAll(EPOCH, String(NOW));
