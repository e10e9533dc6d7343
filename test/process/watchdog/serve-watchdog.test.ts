import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { afterEach, expect, test } from 'vitest';
import { cliScript } from '../../support/cli.ts';
import { temporaryHome, type TemporaryHome } from '../../support/temporary-home.ts';

let home: TemporaryHome | null = null;
afterEach(() => home?.dispose());

test('serve --watchdog brings a killed hub back at the same address (D12)', async () => {
  home = temporaryHome();
  const watched = spawn(process.execPath, [cliScript, 'serve', '--port', '0', '--watchdog', '--json'], {
    env: home.env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = new Promise<number | null>((resolve) => watched.once('exit', resolve));
  const lines = createInterface({ input: watched.stdout })[Symbol.asyncIterator]();
  const ready = async (): Promise<{ pid: number; token: string }> =>
    JSON.parse((await lines.next()).value as string) as { pid: number; token: string };
  const first = await ready();
  // Our own grandchild: the hub says its pid itself.
  process.kill(first.pid, 'SIGKILL');
  const second = await ready();
  expect(second.pid).not.toBe(first.pid);
  expect(second.token).toBe(first.token);
  watched.kill('SIGTERM');
  expect(await ended).toBe(0);
  expect(() => process.kill(second.pid, 0)).toThrow();
});
