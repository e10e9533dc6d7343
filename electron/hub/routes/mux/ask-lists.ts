import { PatchbayError } from '../../../../shared/model/error.ts';
import type { Lease } from '../../servers/lease-pool.ts';
import type { CallerIdentity } from '../../servers/server-connection.ts';
import type { Applicant, UpstreamPool } from './upstream-pool.ts';
import type { ListMethod, ListSnapshot } from './upstream-lists.ts';
import type { Upstream } from './upstream.ts';

/** All lists of one server as it gives them, before any rule and in its own names. */
export interface AskedLists {
  asked: 'running' | 'started';
  protocolVersion: string | null;
  lists: Readonly<Record<ListMethod, ListSnapshot | { problem: string }>>;
}

/** For all pages of all lists together, after the start. */
const LONGEST_MS = 60_000;

/**
 * Asks a live instance where there is one, else one that is started for the question and ended after it. Requests of
 * the hub's own: no client's traffic. Throws PatchbayError when the server cannot be had, or takes too long.
 */
export async function askLists(
  pool: UpstreamPool,
  server: string,
  applicant: Applicant,
  startTimeoutMs: number,
): Promise<AskedLists> {
  const running = pool.upstreams().find((upstream) => upstream.server === server && !upstream.isClosed);
  const limitMs = LONGEST_MS + (running ? 0 : startTimeoutMs);
  let isLate = false;
  let started: Lease<Upstream> | null = null;
  const endStarted = async (): Promise<void> => {
    const lease = started;
    started = null;
    lease?.release();
    // A client that came meanwhile shares it: then it is no longer ours to end.
    if (lease?.value.attached.size === 0) await pool.end(lease.value, 'was stopped');
  };
  const start = async (): Promise<Upstream> => {
    started = await pool.acquire(server, applicant);
    const { value } = started;
    if (isLate) await endStarted();
    return value;
  };
  const ask = async (): Promise<AskedLists> => {
    try {
      return await readLists(running ?? (await start()), running ? 'running' : 'started');
    } finally {
      await endStarted();
    }
  };
  return await new Promise<AskedLists>((resolve, reject) => {
    const timer = setTimeout(() => {
      isLate = true;
      void endStarted();
      const seconds = Math.round(limitMs / 1_000);
      reject(new PatchbayError('SERVER_FAILED', `${server} did not say what it offers within ${seconds} s.`));
    }, limitMs);
    ask()
      .then(resolve, reject)
      .finally(() => clearTimeout(timer));
  });
}

/** Who asks, for servers that have an instance per session or per client. */
export const ownCaller = (user: string): CallerIdentity => ({
  sessionId: OWN_CLIENT,
  client: OWN_CLIENT,
  user,
  transport: 'json-rpc',
  cwd: null,
  env: null,
});

/** What questions of the hub's own are called where processes and connections are listed. */
const OWN_CLIENT = 'patchbay-tools';

async function readLists(upstream: Upstream, asked: AskedLists['asked']): Promise<AskedLists> {
  for (const list of ['tools', 'prompts', 'resources'] as const) upstream.lists.forget(list);
  const read = async (method: ListMethod): Promise<ListSnapshot | { problem: string }> => {
    try {
      return await upstream.lists.get(method);
    } catch (error) {
      return { problem: `${method}: ${(error as Error).message}` };
    }
  };
  // One after the other: a server that answers one at a time is not to be held up longer than a client would.
  const lists = {
    'tools/list': await read('tools/list'),
    'prompts/list': await read('prompts/list'),
    'resources/list': await read('resources/list'),
    'resources/templates/list': await read('resources/templates/list'),
  };
  return { asked, protocolVersion: upstream.protocolVersion, lists };
}
