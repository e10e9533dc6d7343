import { z } from 'zod';
import type { LegacyClient } from './legacy-client.ts';
import { RpcFault, ServerFault } from './server-fault.ts';
import { toolHash } from './tool-hash.ts';

/** Longer lists than this are taken for endless (B26). */
const MAX_PAGES = 100;
const MAX_TOOLS = 10_000;
/**
 * The first calls measure how cold the programs on the way are, which nobody feels for long; they are left out. A
 * slow server is asked less often, but at least three times.
 */
const WARM_UP_CALLS = 10;
const TIMED_CALLS = 21;
const LEAST_CALLS = 3;
const MEASURE_MS = 1_000;
const METHOD_NOT_FOUND = -32_601;

/** Kept as it was parsed: a copy could lose odd keys such as `__proto__`. */
const NamedTool = z.custom<{ name: string }>(
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    Object.hasOwn(value, 'name') &&
    typeof (value as { name: unknown }).name === 'string',
);

const Page = z.object({
  tools: z.array(NamedTool),
  nextCursor: z.string().nullish(),
});

/** How much time is left for everything still to be asked. */
export type TimeLeft = () => number;

/**
 * Every page of `tools/list`, as tool name to the hash of its definition. Of several definitions with one name each
 * counts. A server without tools has an empty list.
 */
export async function listTools(client: LegacyClient, timeLeft: TimeLeft): Promise<Map<string, string>> {
  const hashes = new Map<string, string>();
  const seen = new Set<string>();
  let cursor: string | undefined;
  for (let pages = 0; pages < MAX_PAGES; pages += 1) {
    const page = await requestPage(client, cursor, timeLeft);
    for (const tool of page.tools) {
      const earlier = hashes.get(tool.name);
      const hash = toolHash(tool);
      hashes.set(tool.name, earlier === undefined ? hash : toolHash([earlier, hash]));
    }
    if (hashes.size > MAX_TOOLS) throw new ServerFault(`lists more than ${MAX_TOOLS} tools`);
    if (!page.nextCursor) return hashes;
    if (seen.has(page.nextCursor))
      throw new ServerFault('has a list of tools that comes back to the same page');
    seen.add(page.nextCursor);
    cursor = page.nextCursor;
  }
  throw new ServerFault(`has a list of tools with more than ${MAX_PAGES} pages`);
}

/** Median of up to 21 first pages in milliseconds, after a warm-up; of fewer when time is short, null for none. */
export async function measureLatency(
  client: LegacyClient,
  timeLeft: TimeLeft,
  now: () => number,
): Promise<number | null> {
  const times: number[] = [];
  try {
    const end = now() + MEASURE_MS;
    const isTimeUp = (): boolean => now() >= end && times.length >= LEAST_CALLS;
    for (let calls = 0; times.length < TIMED_CALLS && !isTimeUp(); calls += 1) {
      const start = now();
      await client.request('tools/list', {}, timeLeft());
      if (calls >= WARM_UP_CALLS || start >= end - MEASURE_MS / 2) times.push(now() - start);
    }
  } catch {
    // The tools are known; how fast they are told is worth less than a failure.
  }
  return median(times);
}

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null;
}

async function requestPage(
  client: LegacyClient,
  cursor: string | undefined,
  timeLeft: TimeLeft,
): Promise<z.infer<typeof Page>> {
  let answer: unknown;
  try {
    answer = await client.request('tools/list', cursor === undefined ? {} : { cursor }, timeLeft());
  } catch (error) {
    if (cursor === undefined && error instanceof RpcFault && error.code === METHOD_NOT_FOUND)
      return { tools: [] };
    throw error;
  }
  const page = Page.safeParse(answer);
  if (!page.success) throw new ServerFault('answered tools/list with something that is not a list of tools');
  return page.data;
}
