import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLog } from '../../../electron/hub/logging/pino-log.ts';
import { openSyslog } from '../../../electron/hub/logging/syslog.ts';
import { memorySink } from './memory-sink.ts';

/** logger(1) of util-linux: BusyBox and BSD have another one, which is then a fallback to stderr. */
const hasLogger = /util-linux/.test(String(spawnSync('logger', ['--version']).stdout ?? ''));

/** A local syslog socket. Node has them as streams only; logger(1) takes both kinds. */
describe.skipIf(!hasLogger)('syslog', () => {
  let folder: string;
  let server: Server;
  let socketPath: string;
  let received: string;
  const sockets: Socket[] = [];

  beforeEach(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'patchbay-syslog-'));
    socketPath = path.join(folder, 'log');
    received = '';
    server = createServer((socket) => {
      sockets.push(socket);
      socket.setEncoding('utf8').on('data', (text: string) => (received += text));
    }).listen(socketPath);
    await once(server, 'listening');
  });

  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true, force: true });
  });

  it('gets every record as one message with its severity, facility, name and pid', async () => {
    const fallback = memorySink();
    const log = createLog(openSyslog(socketPath, fallback), { level: 'debug', format: 'json' });
    const levels = ['debug', 'info', 'warn', 'error'] as const;
    for (const level of levels)
      log.log(level, 'hub.test', { text: `two\nlines ${'x'.repeat(3_000)}`, level });
    await log.close();
    await expect.poll(() => received.split('\n').length).toBe(5);
    const messages = received.trimEnd().split('\n');
    const severities = messages.map((message) => {
      const parts = /^<(\d+)>.* patchbay\[(\d+)\]: (\{.*\})$/.exec(message);
      expect(Number(parts![2])).toBe(process.pid);
      expect(JSON.parse(parts![3]!)).toMatchObject({ event: 'hub.test' });
      return Number(parts![1]);
    });
    const daemon = 24;
    expect(severities).toEqual([daemon + 7, daemon + 6, daemon + 4, daemon + 3]);
    expect(fallback.lines).toEqual([]);
  });

  it('writes what it could not deliver to the fallback, with the reason, and tries again later', async () => {
    await new Promise((resolve) => server.close(resolve));
    let now = Date.now();
    const fallback = memorySink();
    const sink = openSyslog(socketPath, fallback, () => now);
    const log = createLog(sink, { level: 'info', format: 'json' });
    log.log('warn', 'first');
    await expect.poll(() => fallback.lines.length).toBe(2);
    const records = fallback.lines.map(({ line }) => JSON.parse(line) as Record<string, unknown>);
    expect(records[0]).toMatchObject({
      event: 'log.syslog-lost',
      reason: expect.stringContaining(socketPath),
    });
    expect(records[1]).toMatchObject({ event: 'first' });
    log.log('info', 'second');
    expect(JSON.parse(fallback.lines[2]!.line)).toMatchObject({ event: 'second' });

    server.listen(socketPath);
    await once(server, 'listening');
    now += 31_000;
    log.log('error', 'third');
    await log.close();
    await expect.poll(() => received).toContain('"third"');
    expect(fallback.lines).toHaveLength(3);
  });

  it('says so where there is no logger at all', async () => {
    const searched = process.env.PATH;
    process.env.PATH = folder;
    const fallback = memorySink();
    try {
      openSyslog(socketPath, fallback).write('{"event":"only"}\n', 'info');
    } finally {
      process.env.PATH = searched;
    }
    await expect.poll(() => fallback.lines.length).toBe(2);
    expect(fallback.lines[0]!.line).toContain('ENOENT');
    expect(fallback.lines[1]!.line).toBe('{"event":"only"}\n');
  });
});
