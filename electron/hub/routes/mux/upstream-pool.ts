import { PatchbayError } from '../../../../shared/model/error.ts';
import type { Era } from '../../../../shared/json-rpc/envelope.ts';
import type { Logger } from '../../log.ts';
import { createLeasePool, type Lease, type LeasePool } from '../../servers/lease-pool.ts';
import type { CallerIdentity, ConnectionEnd, ServerOpener } from '../../servers/server-connection.ts';
import type { ToolObserver } from '../../tools/tool-observer.ts';
import { SHARED_CAPABILITIES, type ClientIdentity } from './client-identity.ts';
import { LEGACY_VERSIONS } from '../../sessions/protocol-versions.ts';
import { createKnownServers, type KnownServers } from './server-facts.ts';
import { requestMeta } from './handshake-attempt.ts';
import { shakeHands } from './shake-hands.ts';
import { Upstream } from './upstream.ts';

/** Keeps servers that crash from being started in a loop (B04). */
export interface StartGate {
  mayStart(key: string): { ok: true } | { ok: false; retryMs: number } | { ok: false; failed: string };
  /** An instance ended without being asked to, or did not get through its handshake. */
  crashed(key: string, server: string, reason: string): void;
}

export interface UpstreamPoolDeps {
  opener: ServerOpener;
  gate: StartGate;
  tools: ToolObserver;
  logger: Logger;
  hubInfo: { name: string; version: string };
}

/** Who wants a server, and how it is to be introduced where the server is its own. */
export interface Applicant {
  caller: CallerIdentity;
  identity: ClientIdentity;
}

/** The live upstreams of the mux: started on demand, initialised once, shared by launch key. */
export interface UpstreamPool {
  readonly known: KnownServers;
  /** How the hub introduces itself where it is the client. */
  readonly hubIdentity: ClientIdentity;
  /** Throws PatchbayError with the reason in words for people. */
  acquire(server: string, applicant: Applicant): Promise<Lease<Upstream>>;
  /** True when each session has an instance of its own. */
  isPrivate(server: string): boolean;
  /** Null when the server is not in the catalog. */
  keyOf(server: string, applicant: Applicant): string | null;
  /** Never handed out again; ends once nothing is under way on it. */
  retire(upstream: Upstream): void;
  /** Ends it now. */
  end(upstream: Upstream, reason: string): Promise<void>;
  upstreams(): Upstream[];
  close(): Promise<void>;
}

/** A wait for the next start that is shorter than this is waited out; a longer one is told to the caller. */
const LONGEST_WAIT_MS = 5_000;

export function createUpstreamPool(deps: UpstreamPoolDeps): UpstreamPool {
  const known = createKnownServers();
  /** By key, for as long as somebody waits for it: the pool opens by key alone. */
  const applicants = new Map<string, { server: string; applicant: Applicant; waiting: number }>();
  const waits = new Set<() => void>();
  let isClosed = false;
  const hubIdentity: ClientIdentity = {
    era: 'legacy',
    protocolVersion: LEGACY_VERSIONS.at(-1)!,
    clientInfo: JSON.stringify(deps.hubInfo),
    capabilities: SHARED_CAPABILITIES,
  };

  /**
   * A remote server that speaks both eras is met once in each: sharing one connection would make one of two clients
   * wait behind a translation it does not need. A process is started only once.
   */
  const keyOf = (server: string, { caller, identity }: Applicant): string => {
    const key = deps.opener.launchKey(server, caller);
    const verdict = known.verdict(server);
    if (!verdict?.correlates) return key;
    const other: Era = identity.era === 'legacy' ? 'modern' : 'legacy';
    return `${key} ${verdict[identity.era] === false ? other : identity.era}`;
  };

  const passGate = async (key: string, server: string): Promise<void> => {
    const permission = deps.gate.mayStart(key);
    if (permission.ok) return;
    if ('failed' in permission) {
      throw new PatchbayError('SERVER_FAILED', permission.failed, {
        hint: `Restart it: patchbay servers restart ${server}`,
      });
    }
    if (permission.retryMs > LONGEST_WAIT_MS) {
      const seconds = Math.ceil(permission.retryMs / 1_000);
      throw new PatchbayError(
        'SERVER_FAILED',
        `The server ${server} has crashed. It is started again in ${seconds} s.`,
      );
    }
    await new Promise<void>((resolve) => {
      const timer = setTimeout(done, permission.retryMs);
      function done(): void {
        clearTimeout(timer);
        waits.delete(done);
        resolve();
      }
      waits.add(done);
    });
    if (isClosed) throw new PatchbayError('SERVER_CANNOT_START', 'The hub is ending.');
  };

  const ended = (upstream: Upstream, { asked, reason }: ConnectionEnd): void => {
    pool.forget(upstream);
    if (asked || upstream.isProbed) return;
    deps.gate.crashed(upstream.key, upstream.server, reason);
    deps.logger.log('warn', 'mux.server-ended', { server: upstream.server, reason });
  };

  /** Null when the process ended itself at a probe: it knows the handshake only, and has to be started again. */
  const introduce = async (
    key: string,
    server: string,
    { caller, identity: own }: Applicant,
  ): Promise<Upstream | null> => {
    const sharing = deps.opener.sharing(server);
    const identity = sharing.isolation === 'session' ? own : hubIdentity;
    const upstream = new Upstream({
      server,
      key,
      sharing,
      introducedAs: identity.capabilities,
      requestMeta: requestMeta(identity),
      tools: deps.tools,
      onEnded: ended,
    });
    upstream.opened(await deps.opener.open(server, caller, upstream.events));
    try {
      const { facts, verdict } = await shakeHands(upstream, {
        identity,
        wanted: own.era,
        verdict: known.verdict(server),
        limitMs: sharing.startTimeoutMs,
      });
      known.learned(server, verdict);
      known.met(server, facts);
      upstream.subscriptions.begin();
      return upstream;
    } catch (error) {
      const wasClosed = upstream.isClosed;
      await upstream.close();
      if (wasClosed && upstream.isProbed) {
        known.learned(server, { correlates: false, legacy: null, modern: false });
        return null;
      }
      // A remote one that refuses is not started by us, and its own connection knows when to leave it alone.
      if (!wasClosed && !upstream.connection.correlates)
        deps.gate.crashed(key, server, 'did not get through its handshake');
      throw error;
    }
  };

  const open = async (key: string): Promise<Upstream> => {
    const { server, applicant } = applicants.get(key)!;
    await passGate(key, server);
    const upstream = (await introduce(key, server, applicant)) ?? (await introduce(key, server, applicant));
    if (!upstream)
      throw new PatchbayError('SERVER_CANNOT_START', `The server ${server} ended twice at its start.`);
    return upstream;
  };

  const pool: LeasePool<Upstream> = createLeasePool({
    open,
    load: (upstream) => upstream.load,
    close: (upstream) => upstream.close(),
  });

  return {
    known,
    hubIdentity,
    async acquire(server, applicant) {
      const key = keyOf(server, applicant);
      const { copies, idleMs } = deps.opener.sharing(server);
      const entry = applicants.get(key) ?? { server, applicant, waiting: 0 };
      entry.waiting += 1;
      applicants.set(key, entry);
      try {
        return await pool.acquire(key, { copies, idleMs });
      } finally {
        entry.waiting -= 1;
        if (entry.waiting === 0) applicants.delete(key);
      }
    },
    isPrivate(server) {
      try {
        return deps.opener.sharing(server).isolation === 'session';
      } catch {
        return false;
      }
    },
    keyOf(server, applicant) {
      try {
        return keyOf(server, applicant);
      } catch {
        return null;
      }
    },
    retire(upstream) {
      pool.forget(upstream);
      upstream.retire();
    },
    async end(upstream, reason) {
      pool.forget(upstream);
      await upstream.close(reason);
    },
    upstreams: () => pool.values(),
    async close() {
      isClosed = true;
      for (const done of waits) done();
      await pool.close();
    },
  };
}
