import { expect } from 'vitest';
import { createGuardian, type Guardian } from '../../../electron/hub/guardian/guardian.ts';
import type { Clock } from '../../../electron/hub/guardian/clock.ts';
import type { ClientAdapter } from '../../../electron/hub/clients/client-adapter.ts';
import { silentLogger } from '../../../electron/hub/log.ts';
import type { Engine } from '../../../electron/hub/migration/engine.ts';
import type { ShimCommand } from '../../../electron/hub/migration/migration-service.ts';
import type { PruneLimits } from '../../../electron/hub/time-machine/prune-versions.ts';
import { createTimeMachine, type TimeMachine } from '../../../electron/hub/time-machine/time-machine.ts';
import type { Finding } from '../../../shared/model/guardian.ts';
import {
  applyAll,
  engineFixture,
  FakeWitness,
  SHIM,
  testAdapter,
  type EngineFixture,
} from '../migration/engine-fixture.ts';
import { MemoryFiles } from '../migration/memory-files.ts';

export const CODE = '/home/ada/.claude.json';
export const DESKTOP = '/home/ada/.config/Claude/claude_desktop_config.json';

/** What Claude Code keeps beside its servers. */
export const CODE_CONFIG = `{
  "numStartups": 12,
  "mcpServers": {
    "github": { "command": "npx", "args": ["-y", "@acme/github-mcp"], "env": { "GITHUB_TOKEN": "ghp_abcdefghijklmnop" } },
    "notes": { "command": "uvx", "args": ["notes-mcp"] }
  },
  "oauthAccount": { "id": "ada" }
}
`;

/** In the form Claude Desktop writes itself. */
export const DESKTOP_CONFIG = JSON.stringify(
  {
    mcpServers: { files: { command: 'npx', args: ['-y', 'files-mcp'] }, web: { command: 'web-mcp' } },
    preferences: { sidebarMode: 'chat' },
  },
  null,
  2,
);

/** An hour passes when a test says so. */
export class FakeClock implements Clock {
  #now = Date.UTC(2026, 10, 21, 9, 0, 0);
  readonly #timers = new Set<{ at: number; run: () => void }>();

  now(): number {
    return this.#now;
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.#now + ms, run };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  get waiting(): number {
    return this.#timers.size;
  }

  /** Runs what is due, in order, and lets what it started come to rest. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      const [next] = [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (!next) break;
      this.#now = next.at;
      this.#timers.delete(next);
      next.run();
      await rest();
    }
    this.#now = end;
  }
}

/** Long enough for what only asks the file system in memory; what asks the real machine is waited for by its outcome. */
async function rest(): Promise<void> {
  for (let turn = 0; turn < 40; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

export interface GuardianFixture extends Pick<EngineFixture, 'service' | 'running' | 'data'> {
  files: MemoryFiles;
  clock: FakeClock;
  engine: Engine;
  timeMachine: TimeMachine;
  guardian: Guardian;
  /** What listeners were told, in order. */
  told: Finding[];
  /** Another process with the same disk. */
  another(pid: number): Omit<GuardianFixture, 'service' | 'running' | 'data' | 'another'>;
}

export interface GuardianFixtureOptions {
  configs?: Record<string, string>;
  shim?: ShimCommand;
  limits?: PruneLimits;
}

export function guardianFixture({
  configs,
  shim = SHIM,
  limits,
}: GuardianFixtureOptions = {}): GuardianFixture {
  const files = new MemoryFiles();
  for (const [path, text] of Object.entries(configs ?? { [CODE]: CODE_CONFIG, [DESKTOP]: DESKTOP_CONFIG })) {
    files.put(path, text);
  }
  for (const part of [shim.command, ...shim.args]) files.put(part, 'a program', 0o755);
  files.put('/home/ada/.config/Claude/.keep', '');
  const adapters: ClientAdapter[] = [
    testAdapter('claude-desktop', DESKTOP, true),
    testAdapter('claude-code', CODE),
  ];
  const clock = new FakeClock();
  const base = engineFixture({ files, adapters, shim, storage: { now: () => clock.now() } });
  const { service, running, data, storage } = base;

  function open(pid: number): Omit<GuardianFixture, 'service' | 'running' | 'data' | 'another'> {
    const engine: Engine = {
      data,
      platform: { os: 'linux', home: '/home/ada', env: {} },
      shim,
      logger: silentLogger,
      installShim: async () => {},
      adapters,
      listProcesses: async () =>
        [...running].map((name, index) => ({
          pid: 90_000_000 + index,
          ppid: 1,
          name,
          path: '',
          cmd: '',
          startedAt: null,
        })),
      witness: new FakeWitness(),
      storage: { ...storage, owner: { pid, mark: 'here' }, isAlive: (owner) => owner.pid === pid },
    };
    const timeMachine = createTimeMachine(engine, limits);
    const guardian = createGuardian(engine, timeMachine, { clock });
    const told: Finding[] = [];
    guardian.onFinding((finding) => void told.push(structuredClone(finding)));
    return { files, clock, engine, timeMachine, guardian, told };
  }
  return { service, running, data, another: open, ...open(1) };
}

/** The findings about a file as far as most tests care. */
export async function openFindings({ guardian }: Pick<GuardianFixture, 'guardian'>): Promise<Finding[]> {
  return (await guardian.findings()).filter(({ state }) => state === 'open');
}

/** Both clients migrated and looked at once. */
export async function migrated(options: GuardianFixtureOptions = {}): Promise<GuardianFixture> {
  const fixture = guardianFixture(options);
  await fixture.guardian.check();
  await applyAll(fixture.service);
  await fixture.guardian.check();
  expect(await fixture.guardian.findings()).toEqual([]);
  return fixture;
}

/** Claude Desktop's save: the whole object of its memory, in its own form. */
export const save = ({ files }: GuardianFixture, memory: unknown): void =>
  files.put(DESKTOP, JSON.stringify(memory, null, 2));

/** A config as its client reads it. */
export const parsed = (text: string | null) =>
  JSON.parse(text!) as { mcpServers: Record<string, { command: string }> };
