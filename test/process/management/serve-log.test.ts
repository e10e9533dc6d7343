import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../../support/cli.ts';
import type { ReadyLine } from '../../support/hub.ts';
import { temporaryHome, type TemporaryHome } from '../../support/temporary-home.ts';
import { serveUntil } from './serve-output.ts';

const SECRET = 'gh' + 'p_0123456789abcdefghijABCDEFGHIJ012345';

let home: TemporaryHome;

beforeEach(() => (home = temporaryHome()));
afterEach(() => home.dispose());

/** A catalog that cannot be used makes every hub say something, with the user's own text in it. */
function breakCatalog(): void {
  mkdirSync(home.dataDir, { recursive: true, mode: 0o700 });
  writeFileSync(path.join(home.dataDir, 'mcp-servers.json'), `{"mcpServers": {"x": {"command": ${SECRET}}}}`);
}

describe('the log of a hub', () => {
  it('goes to stderr in words unless told, and leaves stdout to the ready line', async () => {
    breakCatalog();
    const { stdout, stderr } = await serveUntil(home, ['--json'], ({ stdout: out }) => out.includes('"url"'));
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    expect(JSON.parse(stdout)).toMatchObject({ token: expect.any(String) });
    expect(stderr).toMatch(/^\d{4}-\S+Z warn {2}catalog\.\w+ /m);
    expect(stderr).not.toContain('hub.ready');
    expect(stderr).not.toContain(SECRET);
  });

  it('is one JSON record per line on stdout with --log json', async () => {
    breakCatalog();
    const { stdout, stderr } = await serveUntil(
      home,
      ['--json', '--log', 'json'],
      ({ stdout: out }) => out.includes('"url"') && out.includes('hub.ready'),
    );
    const documents = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const ready = documents.filter((document) => 'url' in document) as unknown as ReadyLine[];
    const records = documents.filter((document) => 'event' in document);
    expect([ready.length, ready.length + records.length]).toEqual([1, documents.length]);
    expect(records).toContainEqual(
      expect.objectContaining({ level: 'info', event: 'hub.ready', port: ready[0]!.port }),
    );
    expect(stderr).toBe('');
    const { token } = ready[0]!;
    expect(JSON.stringify(records)).not.toContain(token);
    expect(JSON.stringify(records)).not.toContain(SECRET);
  });

  it('takes its place and level from the environment too, which is how a hub in the background gets them', async () => {
    const env = { PATCHBAY_LOG: 'stdout', PATCHBAY_LOG_LEVEL: 'info' };
    const { stdout } = await serveUntil(
      home,
      ['--background'],
      ({ stdout: out }) => out.includes('hub.ready'),
      { env },
    );
    expect(stdout).toMatch(/^\S+Z info {2}hub\.ready port=\d+ pid=\d+$/m);
  });

  it('refuses a place or a level that there is not', async () => {
    for (const args of [
      ['--log', 'file'],
      ['--log-level', 'loud'],
    ]) {
      const { code, stderr } = await runCli(home, ['serve', '--port', '0', ...args]);
      expect([args, code]).toEqual([args, 2]);
      expect(stderr).toContain('USAGE');
    }
    expect(existsSync(path.join(home.dataDir, 'run', 'hub.lock'))).toBe(false);
  });

  const hasLogger = /util-linux/.test(String(spawnSync('logger', ['--version']).stdout ?? ''));
  it.skipIf(!hasLogger)(
    'reaches a local syslog socket with --log syslog:SOCKET, the last words included',
    async () => {
      let received = '';
      const socket = path.join(home.root, 'log');
      const syslog = createServer((connection) => {
        connection.setEncoding('utf8').on('data', (text: string) => (received += text));
      }).listen(socket);
      await once(syslog, 'listening');
      const { stdout, stderr, pid } = await serveUntil(
        home,
        ['--json', '--log', `syslog:${socket}`],
        ({ stdout: out }) => out.includes('"url"'),
      );
      await expect.poll(() => received).toContain('"event":"hub.ready"');
      const message = received.split('\n').find((line) => line.includes('hub.ready'));
      // Facility daemon, severity info.
      expect(message).toMatch(new RegExp(`^<30>.* patchbay\\[${pid}\\]: \\{.*\\}$`));
      expect([stdout.trimEnd().split('\n').length, stderr]).toEqual([1, '']);
      await new Promise((resolve) => syslog.close(resolve));
    },
  );
});

describe('a hub that ends badly', () => {
  /** Loaded into the hub by Node itself: what nobody catches, on a signal. */
  function planted(): Record<string, string> {
    const file = path.join(home.root, 'planted.mjs');
    writeFileSync(
      file,
      `process.on('SIGUSR2', () => setImmediate(() => { throw new Error('planted ${SECRET}'); }));
       process.on('SIGWINCH', () => void Promise.reject(new Error('planted')));`,
    );
    return { NODE_OPTIONS: `--import=${file}` };
  }

  it.each([
    ['SIGUSR2', 'uncaught-exception'],
    ['SIGWINCH', 'unhandled-rejection'],
  ] as const)(
    'D12, D14: after %s ends in order with code 1, and the next one reports it',
    async (signal, kind) => {
      const isReady = ({ stdout }: { stdout: string }): boolean => stdout.includes('"url"');
      const hub = await serveUntil(home, ['--json'], isReady, { env: planted(), signal });
      expect(hub.code).toBe(1);
      expect(hub.stderr).toMatch(new RegExp(`error hub\\.${kind} message="?planted`));
      expect(hub.stderr).not.toContain(SECRET);
      // In order: nothing of it is left.
      for (const file of ['hub.json', 'hub.lock', 'hub.sock']) {
        expect([file, existsSync(path.join(home.dataDir, 'run', file))]).toEqual([file, false]);
      }
      const next = await serveUntil(home, ['--json'], ({ stderr }) => stderr.includes('hub.last-breath'));
      expect(next.stderr).toContain(`pid=${hub.pid} kind=${kind}`);
      expect(next.stderr).not.toContain(SECRET);
      const third = await serveUntil(home, ['--json'], isReady);
      expect([third.code, third.stderr]).toEqual([0, '']);
    },
  );
});
