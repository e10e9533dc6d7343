import { chmodSync, copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cliScript } from './cli.ts';
import { startRawClient, type RawClient } from './raw-client.ts';
import type { TemporaryHome } from './temporary-home.ts';

const project = path.resolve(import.meta.dirname, '..', '..');

export const fixtureServer = (name: string): string =>
  path.join(project, 'test', 'fixtures', 'servers', `${name}.mjs`);

/** Puts the built shim where a migration puts it. `autostart`: also what lets it start a hub. */
export function installShimFor(home: TemporaryHome, { autostart = false } = {}): string {
  const shim = path.join(home.dataDir, 'shim', 'shim.cjs');
  for (const folder of [home.dataDir, path.dirname(shim), path.join(home.dataDir, 'run')]) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    chmodSync(folder, 0o700);
  }
  copyFileSync(path.join(path.dirname(cliScript), 'shim.cjs'), shim);
  const launch = path.join(home.dataDir, 'launch.json');
  if (autostart) {
    const args = [cliScript, 'serve', '--background', '--port', '0', '--data-dir', home.dataDir];
    writeFileSync(launch, JSON.stringify({ command: process.execPath, args, env: {} }));
  } else rmSync(launch, { force: true });
  return shim;
}

/** Starts a fixture server through the shim, as a migrated entry does. */
export function startThroughShim(
  home: TemporaryHome,
  server: {
    name: string;
    command: string;
    args: readonly string[];
    env?: Record<string, string>;
    cwd?: string;
  },
): RawClient {
  const shim = path.join(home.dataDir, 'shim', 'shim.cjs');
  return startRawClient({
    command: process.execPath,
    args: [shim, '--client', 'claude-code', '--server', server.name, '--', server.command, ...server.args],
    cwd: server.cwd ?? home.project,
    env: { ...home.env, ...server.env },
  });
}

/** The same for one of test/fixtures/servers. */
export const startFixture = (
  home: TemporaryHome,
  name: string,
  env: Record<string, string> = {},
): RawClient => startThroughShim(home, { name, command: process.execPath, args: [fixtureServer(name)], env });
