// kill -9 of the hub, again and again, under live sessions: 10 times here, PATCHBAY_CHAOS says how often instead, and
// `npm run test:chaos` does it 1,000 times.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startHub, type RunningHub } from '../../support/hub.ts';
import { expectNothingLeft } from '../../support/leak-check.ts';
import { processesOf } from '../../support/process-tree.ts';
import type { RawClient } from '../../support/raw-client.ts';
import { fixtureServer, installShimFor, startThroughShim } from '../../support/shim.ts';
import { temporaryHome, type TemporaryHome } from '../../support/temporary-home.ts';
import { openLastingSession, type LastingSession } from './lasting-session.ts';

const KILLS = Number(process.env.PATCHBAY_CHAOS ?? 10);
const ORPHANS_MS = 10_000;
/** It outlives the end of its input: nothing but us ends it once its hub is dead. */
const script = fixtureServer('holds-on');
const server = { command: process.execPath, args: [script] };
const NAMES = ['own', 'own', 'shared', 'shared'];
/** Four sessions with a process each, and one process for the shims' two others as for those by HTTP. */
const EXPECTED_SERVERS = 6;

let home: TemporaryHome;
let hub: RunningHub;
let shims: RawClient[] = [];
let sessions: LastingSession[] = [];

async function openShims(): Promise<RawClient[]> {
  const opened = NAMES.map((name) => startThroughShim(home, { name, ...server }));
  await Promise.all(opened.map((shim) => shim.initialize()));
  return opened;
}

const serverPids = (): number[] =>
  processesOf(home)
    .filter(({ command }) => command.endsWith(script) && !command.includes('shim.cjs'))
    .map(({ pid }) => pid);

beforeAll(async () => {
  home = temporaryHome();
  mkdirSync(home.dataDir, { mode: 0o700 });
  const mcpServers = { own: server, shared: { ...server, isolation: 'shared' } };
  writeFileSync(path.join(home.dataDir, 'mcp-servers.json'), JSON.stringify({ mcpServers }));
  installShimFor(home);
  hub = await startHub(home);
  shims = await openShims();
  sessions = await Promise.all(
    NAMES.map((name) => openLastingSession(new URL(`/servers/${name}/mcp`, hub.url), hub.token)),
  );
});

afterAll(async () => {
  await Promise.all([...shims.map((shim) => shim.end()), ...sessions.map((session) => session.end())]);
  await hub.stop();
  await expectNothingLeft(home);
  home.dispose();
});

/** A call that may fail because the hub died under it, but has to end. */
const ends = (call: Promise<string>): Promise<unknown> => call.catch((error: Error) => error.message);

it(
  `D01 ${KILLS} × kill -9: sessions go on, no session becomes unknown, no process stays behind`,
  { timeout: 60_000 + KILLS * 10_000 },
  async () => {
    let lonely = 0;
    for (let kill = 0; kill < KILLS; kill += 1) {
      const callers = [...shims, ...sessions];
      const inFlight = callers.map((caller) => ends(caller.callTool('stay')));
      // Now with all calls under way, now with some answered, now with none left.
      await Promise.all(inFlight.slice(0, kill % (callers.length + 1)));
      const { port } = hub;
      await hub.kill();
      hub = await startHub(home, { args: ['--port', String(port)] });
      await Promise.all(inFlight);

      const pids = await Promise.all(callers.map((caller) => caller.callTool('stay')));
      await vi.waitFor(() => expect(new Set(serverPids())).toEqual(new Set(pids.map(Number))), {
        timeout: ORPHANS_MS,
        interval: 50,
      });
      // A shim waits 2 s for the next hub, which may not be enough on a busy machine; then it has a server of its own.
      const servers = new Set(pids).size;
      if ((kill + 1) % 100 === 0)
        console.log(`${kill + 1} kills, ${lonely} with a shim on its own afterwards`);
      if (servers === EXPECTED_SERVERS) continue;
      expect(servers, `after kill ${kill + 1}`).toBeGreaterThan(EXPECTED_SERVERS);
      lonely += 1;
      await Promise.all(shims.map((shim) => shim.end()));
      shims = await openShims();
    }
    expect(lonely, 'kills after which a shim went on without the hub').toBeLessThan(KILLS / 2);
    expect(sessions.map(({ statuses }) => [...statuses]).flat()).not.toContain(404);
    expect(sessions.flatMap(({ statuses }) => [...statuses])).toContain(200);
  },
);
