import path from 'node:path';
import { counted } from '../../../shared/language/counted.ts';
import type { Exchange } from '../../../shared/model/exchange.ts';
import { isParityKept, type MigrationResult } from '../../../shared/model/migration.ts';
import { createClientRegistry } from '../clients/registry.ts';
import { createHub, type Hub } from '../create-hub.ts';
import type { Platform } from '../data-folder.ts';
import { nodeShimCommand, type Resources } from '../host.ts';
import { silentLogger } from '../log.ts';
import { followCalls } from './call-log.ts';
import { callAsClient, type DemoAnswer } from './client-calls.ts';
import { createDemoHome, fileHash, type DemoHome } from './demo-home.ts';
import {
  describeCall,
  describeClients,
  describeDiffs,
  describeParity,
  describeStep,
  type DemoOutput,
} from './describe.ts';
import type { HubApi } from '../api/hub-link.ts';
import { connectInProcess } from './hub-api.ts';
import { findReferenceServers } from './reference-servers.ts';
import { storyCalls } from './story.ts';

export interface DemoOptions {
  /** The real machine; the demo makes its own from it and touches nothing of the person's. */
  platform: Platform;
  resources: Resources;
  version: string;
  /** Ends after the roll back instead of keeping the UI open. */
  once: boolean;
  output: DemoOutput;
  /** Aborted when the demo is to end, at whatever point it is. */
  signal: AbortSignal;
}

/** What `demo --once --json` prints. */
export interface DemoSummary {
  ok: boolean;
  durationMs: number;
  parity: MigrationResult['parity'];
  calls: Pick<Exchange, 'client' | 'server' | 'tool' | 'outcome' | 'durationMs'>[];
  files: {
    path: string;
    sha256Before: string;
    sha256Migrated: string;
    sha256After: string;
    restored: boolean;
  }[];
}

/** What a shim runs that finds no hub here: a hub started in place of the demo's would outlive it. */
const NO_OTHER_HUB = { command: process.execPath, args: ['--version'], env: { ELECTRON_RUN_AS_NODE: '1' } };

/** The hub writes what it saw in batches; a call that has not shown up by then never will. */
const LOG_WAIT_MS = 5_000;

/**
 * The main job in a throwaway home, told in plain words: find, plan, migrate, call, watch, take back. Resolves with
 * the exit code: 0, 1 when something was not as it should be, 130 when it was interrupted. Leaves nothing behind.
 */
export async function runDemo(options: DemoOptions): Promise<number> {
  const { platform, resources, version, once, output, signal } = options;
  const clients = createClientRegistry();
  const servers = findReferenceServers(path.dirname(path.dirname(resources.cli)));
  const home = createDemoHome(platform, clients, servers);
  let hub: Hub | null = null;
  try {
    hub = await createHub({
      data: home.data,
      platform: home.platform,
      host: 'headless',
      port: 0,
      shim: nodeShimCommand(home.data),
      launch: NO_OTHER_HUB,
      version,
      resources,
      logger: silentLogger,
      background: false,
    });
    const { facts, token } = hub;
    const url = `${facts.url}#token=${token}`;
    if (!once) output.json({ url, port: facts.port, pid: facts.pid });
    output.say('Patchbay demo: the main job, in a home that exists for this demo alone.');
    output.say(`Nothing of yours is read or written. Everything is in ${home.root}`);
    if (!once) output.say(`Watch along in a browser: ${url}`);

    signal.addEventListener('abort', () => output.say('Ending; what is under way is finished first.'));
    const { api, close } = connectInProcess(hub);
    const summary = await tellStory({ ...options, home, api, clients }).finally(close);
    if (once) {
      output.json(summary);
      return summary.ok ? 0 : 1;
    }
    output.say();
    output.say(`The hub goes on, in this home only: ${url}`);
    output.say('Open “Set up” there to do the same by hand. Ctrl-C ends the demo and removes everything.');
    await Promise.race([aborted(signal), hub.ended]);
    return summary.ok ? 0 : 1;
  } catch (error) {
    if (signal.aborted) return 130;
    throw error;
  } finally {
    await hub?.stop();
    home.dispose();
  }
}

interface Stage extends DemoOptions {
  home: DemoHome;
  api: HubApi;
  clients: ReturnType<typeof createClientRegistry>;
}

async function tellStory(stage: Stage): Promise<DemoSummary> {
  const { home, api, output, signal } = stage;
  const started = performance.now();
  const chapter = (number: number, title: string): void => {
    signal.throwIfAborted();
    output.say();
    output.say(`${number}. ${title}`);
  };
  const hashesBefore = home.configs.map((config) => fileHash(config.path));

  chapter(1, 'What is here: two clients that start their MCP servers themselves.');
  describeClients(output, await api.clients.list());

  chapter(
    2,
    'The plan: each entry keeps its name; its own command moves behind "--". Nothing is written yet.',
  );
  const plan = await api.migration.plan({});
  describeDiffs(output, plan.files);

  chapter(
    3,
    'Migrate: tools counted before, files saved and written, every entry started again and compared.',
  );
  const migration = await migrate(stage, plan.files);
  const hashesMigrated = home.configs.map((config) => fileHash(config.path));

  chapter(4, 'The clients work as before. Each line is a call the hub saw while it passed.');
  const { calls, answers } = await makeCalls(stage);

  chapter(5, 'Roll back: every file as it was.');
  const { files: rolledBack } = await api.migration.rollback({});
  const files = home.configs.map(({ path: file }, index) => {
    const sha256After = fileHash(file);
    const sha256Before = hashesBefore[index]!;
    const restored = sha256After === sha256Before;
    return { path: file, sha256Before, sha256Migrated: hashesMigrated[index]!, sha256After, restored };
  });
  for (const file of files) {
    output.say(`  ${file.path}`);
    output.say(`    before    ${file.sha256Before}`);
    output.say(`    migrated  ${file.sha256Migrated}`);
    output.say(`    after     ${file.sha256After}  ${file.restored ? 'the very same bytes' : 'DIFFERENT'}`);
  }

  const durationMs = Math.round(performance.now() - started);
  const ok =
    migration.state === 'applied' &&
    migration.parity.length > 0 &&
    migration.parity.every((row) => isParityKept(row) && row.route === 'hub') &&
    calls.length === answers.length &&
    answers.every((answer) => !answer.isError) &&
    rolledBack.length === files.length &&
    files.every((file) => file.restored && file.sha256Migrated !== file.sha256Before);
  output.say();
  output.say(
    ok
      ? `Done in ${(durationMs / 1000).toFixed(1)} s: ${counted(migration.parity.length, 'entry', 'entries')} routed, ${counted(calls.length, 'call')} through the hub, ${counted(files.length, 'file')} back to the byte.`
      : 'Something was not as it should be; see above.',
  );
  return { ok, durationMs, parity: migration.parity, calls, files };
}

async function migrate(
  { api, output }: Stage,
  files: readonly { path: string; sha256: string }[],
): Promise<MigrationResult> {
  const expected = files.map(({ path: file, sha256 }) => ({ path: file, sha256 }));
  let result: MigrationResult | null = null;
  // Not given the signal: a migration that was begun is ended before the hub and the home go.
  for await (const event of await api.migration.apply({ expected })) {
    if (event.type === 'result') result = event.result;
    else describeStep(output, event);
  }
  if (!result) throw new Error('The migration ended without a result.');
  output.say();
  describeParity(output, result.parity);
  for (const note of result.notes) output.say(`  ${note}`);
  return result;
}

async function makeCalls(stage: Stage): Promise<{ calls: DemoSummary['calls']; answers: DemoAnswer[] }> {
  const { home, api, clients, output, signal } = stage;
  const log = await followCalls(api, (call) => output.say(describeCall(call)));
  const answers: DemoAnswer[] = [];
  try {
    for (const { session, calls } of storyCalls(home)) {
      signal.throwIfAborted();
      answers.push(...(await callAsClient(home, clients, session, calls)));
    }
    await log.waitFor(answers.length, LOG_WAIT_MS);
  } finally {
    log.close();
  }
  output.say();
  for (const { client, server, tool, text, isError } of answers) {
    const shown = text.replaceAll(/\s+/g, ' ').slice(0, 90);
    output.say(`  ${client} got from ${server} · ${tool}: ${isError ? 'an error: ' : ''}${shown}`);
  }
  const calls = log.calls.map(({ client, server, tool, outcome, durationMs }) => {
    return { client, server, tool, outcome, durationMs };
  });
  return { calls, answers };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
