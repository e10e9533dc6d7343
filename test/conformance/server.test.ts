// The MCP project's own suite against our fixture servers: directly, and through the hub's endpoint for one server.
// Through the hub, every check has to pass that passes directly.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ServerDefinition } from '../../shared/model/server.ts';
import { startBearerProxy, type BearerProxy } from '../support/bearer-proxy.ts';
import { startHub, type RunningHub } from '../support/hub.ts';
import { expectNothingLeft } from '../support/leak-check.ts';
import {
  mcpFixture,
  startHttpProgram,
  type FixtureEra,
  type HttpServerProgram,
} from '../support/mcp-fixtures.ts';
import { temporaryHome, type TemporaryHome } from '../support/temporary-home.ts';
import { everywhere, translated } from './expected-failures.ts';
import { failures, lost, runSuite, type Checks, type Requirements } from './run-suite.ts';

const REVISIONS: readonly Requirements[] = ['2025-11-25', '2026-07-28'];

let home: TemporaryHome;
let hub: RunningHub;
let remotes: Record<'legacy-http' | 'legacy-sse' | 'dual-http', HttpServerProgram>;

/** The hub in front of each kind of server; `era` says what the server speaks. */
const upstreams: Record<string, { era: FixtureEra; define: () => ServerDefinition }> = {
  // A request that declares more than those before it has an older server met anew, in a new process. The suite waits
  // 600 ms for the answer, which may be less than a start: there is a process to spare.
  'legacy-stdio': { era: 'legacy', define: () => ({ ...mcpFixture('legacy', 'stdio'), warm: 1 }) },
  'legacy-http': { era: 'legacy', define: () => ({ type: 'http', url: remotes['legacy-http'].url }) },
  'legacy-sse': { era: 'legacy', define: () => ({ type: 'sse', url: remotes['legacy-sse'].url }) },
  'dual-stdio': { era: 'dual', define: () => mcpFixture('dual', 'stdio') },
  'modern-stdio': { era: 'dual', define: () => mcpFixture('dual', 'stdio', '--modern-only') },
  'dual-http': { era: 'dual', define: () => ({ type: 'http', url: remotes['dual-http'].url }) },
};

beforeAll(async () => {
  home = temporaryHome();
  const start = (era: FixtureEra, transport: 'http' | 'sse'): Promise<HttpServerProgram> =>
    startHttpProgram(mcpFixture(era, transport), home.env);
  remotes = {
    'legacy-http': await start('legacy', 'http'),
    'legacy-sse': await start('legacy', 'sse'),
    'dual-http': await start('dual', 'http'),
  };
  const mcpServers = Object.fromEntries(
    Object.entries(upstreams).map(([name, { define }]) => [name, define()]),
  );
  mkdirSync(home.dataDir, { mode: 0o700 });
  writeFileSync(path.join(home.dataDir, 'mcp-servers.json'), JSON.stringify({ mcpServers }));
  hub = await startHub(home);
});

afterAll(async () => {
  await hub?.stop();
  await Promise.all(Object.values(remotes ?? {}).map((remote) => remote.stop()));
  await expectNothingLeft(home);
  home.dispose();
});

const direct = new Map<string, Promise<Checks>>();
function runDirect(era: FixtureEra, revision: Requirements): Promise<Checks> {
  const key = `${era} ${revision}`;
  const run = direct.get(key) ?? runSuite(home, revision, ['server', '--url', remotes[`${era}-http`].url]);
  direct.set(key, run);
  return run;
}

describe('direct', () => {
  const runs: [FixtureEra, Requirements][] = [
    ['legacy', '2025-11-25'],
    ['dual', '2025-11-25'],
    ['dual', '2026-07-28'],
  ];
  it.each(runs)('the %s fixture passes every check of %s', async (era, revision) => {
    expect(failures(await runDirect(era, revision))).toEqual({});
  });
});

describe('through /servers/<name>/mcp', () => {
  const runs = Object.entries(upstreams).flatMap(([name, { era }]) =>
    REVISIONS.map((revision) => ({ name, era, revision })),
  );
  it.each(runs)('$name: $revision', async ({ name, era, revision }) => {
    let proxy: BearerProxy | undefined;
    try {
      proxy = await startBearerProxy(new URL(`/servers/${name}/mcp`, hub.url).href, hub.token);
      const through = await runSuite(home, revision, ['server', '--url', proxy.url]);
      // A server of the older era passes the newer revision only through the hub: the dual one says what is possible.
      const possible = await runDirect(revision === '2026-07-28' ? 'dual' : era, revision);
      const missing = lost(possible, through);
      const isTranslated = era === 'legacy' && revision === '2026-07-28';
      const excused = { ...everywhere, ...(isTranslated && translated) };
      expect(Object.fromEntries(Object.entries(missing).filter(([check]) => !(check in excused)))).toEqual(
        {},
      );
      // An excuse that is no longer needed has to go.
      const idle = Object.keys(excused).filter((check) => possible.has(check) && !(check in missing));
      expect(idle).toEqual([]);
    } finally {
      await proxy?.close();
    }
  });
});
