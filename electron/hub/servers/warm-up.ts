import type { Catalog } from './catalog-parse.ts';
import type { InstancePool } from './instance-pool.ts';
import { LOCAL_USER, type LaunchResolver } from './resolve-launch.ts';

export interface WarmUpDeps {
  catalog(): Catalog;
  launches: LaunchResolver;
  pool: InstancePool;
}

/**
 * Starts ahead what callers over HTTP will ask for: their launches are known before they come. A client behind a shim
 * brings its own folder and environment; its spares are started after its first session. Never rejects: a server that
 * cannot be started now is told to whoever asks for it.
 */
export async function warmUpServers({ catalog, launches, pool }: WarmUpDeps): Promise<void> {
  const wanted = [...catalog()].filter(
    ([, { command, warm = 0, enabled }]) => command !== undefined && warm > 0 && enabled !== false,
  );
  await Promise.all(
    wanted.map(async ([server]) => {
      try {
        const launch = await launches.forCaller(server, {
          sessionId: '',
          client: '',
          user: LOCAL_USER,
          transport: 'http',
          cwd: null,
          env: null,
        });
        pool.warmUp(server, launch);
      } catch {
        // A variable or a secret is missing.
      }
    }),
  );
}
