// The suite as the server: our client plays its scenarios directly, then through the hub, whose own client side is
// what the suite sees then.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectRoot } from '../support/cli.ts';
import { startHub, type RunningHub } from '../support/hub.ts';
import { expectNothingLeft } from '../support/leak-check.ts';
import { temporaryHome, type TemporaryHome } from '../support/temporary-home.ts';
import { startClientDriver, type Scenario } from './client-driver.ts';
import { playScenario } from './client-scenarios.ts';
import { clientSide } from './expected-failures.ts';
import { directAccess } from './oauth-person.ts';
import { failures, isOurs, lost, runSuite, type Checks, type Requirements } from './run-suite.ts';
import { hubAccess } from './through-hub.ts';

const REVISIONS: readonly Requirements[] = ['2025-11-25', '2026-07-28'];
const relay = path.join(projectRoot, 'test', 'conformance', 'relay-client.mjs');

let home: TemporaryHome;
let hub: RunningHub;

beforeAll(async () => {
  home = temporaryHome();
  mkdirSync(home.dataDir, { mode: 0o700 });
  writeFileSync(path.join(home.dataDir, 'mcp-servers.json'), '{"mcpServers": {}}');
  hub = await startHub(home);
});

afterAll(async () => {
  await hub?.stop();
  await expectNothingLeft(home);
  home.dispose();
});

const playDirectly = (scenario: Scenario): Promise<void> =>
  playScenario(scenario, directAccess(new URL(scenario.url), scenario.context));

async function playThroughHub(scenario: Scenario): Promise<void> {
  const access = await hubAccess(hub, home, new URL(scenario.url), scenario.context);
  try {
    await playScenario(scenario, access);
  } finally {
    await access.end();
  }
}

interface Run {
  checks: Checks;
  errors: ReadonlyMap<string, string>;
}

async function run(revision: Requirements, play: (scenario: Scenario) => Promise<void>): Promise<Run> {
  const driver = await startClientDriver(async (scenario) => {
    if (isOurs(scenario.scenario)) await play(scenario);
  });
  try {
    // The shell that the suite starts it by has to make way: what is ended by it then is the relay.
    const args = ['client', '--command', `exec ${process.execPath} ${relay}`] as const;
    const checks = await runSuite(home, revision, args, { PATCHBAY_DRIVER: driver.url });
    return { checks, errors: driver.errors };
  } finally {
    await driver.close();
  }
}

/** Faults of checks with what the client of their scenario has said. */
const explained = (faults: Record<string, string>, errors: Run['errors']): Record<string, string> =>
  Object.fromEntries(
    Object.entries(faults).map(([check, why]) => {
      const error = errors.get(check.slice(0, check.indexOf(' ')));
      return [check, error === undefined ? why : `${why} (client: ${error})`];
    }),
  );

describe.each(REVISIONS)('%s', (revision) => {
  let direct: Checks;

  it('our client passes every scored check directly', async () => {
    const { checks, errors } = await run(revision, playDirectly);
    direct = checks;
    expect(explained(failures(checks), errors)).toEqual({});
  });

  it('the hub passes what our client passes', async () => {
    const { checks, errors } = await run(revision, playThroughHub);
    const missing = lost(direct, checks);
    const excused = Object.keys(clientSide);
    const others = Object.fromEntries(Object.entries(missing).filter(([check]) => !excused.includes(check)));
    expect(explained(others, errors)).toEqual({});
    // An excuse that is no longer needed has to go.
    expect(excused.filter((check) => direct.has(check) && !(check in missing))).toEqual([]);
  });
});
