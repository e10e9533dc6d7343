import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startHub, type RunningHub } from '../../support/hub.ts';
import { expectNothingLeft } from '../../support/leak-check.ts';
import { processesOf } from '../../support/process-tree.ts';
import { startRawClient, type RawClient } from '../../support/raw-client.ts';
import { fixtureServer, installShimFor, startThroughShim } from '../../support/shim.ts';
import { temporaryHome, type TemporaryHome } from '../../support/temporary-home.ts';

let home: TemporaryHome;
let hub: RunningHub | null;
let clients: RawClient[];

beforeEach(() => {
  home = temporaryHome();
  hub = null;
  clients = [];
  installShimFor(home);
});

afterEach(async () => {
  for (const client of clients) client.child.stdin?.end();
  await Promise.all(clients.map((client) => client.exited));
  await hub?.stop();
  await expectNothingLeft(home);
  home.dispose();
});

const keep = (client: RawClient): RawClient => {
  clients.push(client);
  return client;
};
const shim = (): string => path.join(home.dataDir, 'shim', 'shim.cjs');

/** An entry that stands for all servers. */
const startForAll = (): RawClient =>
  keep(
    startRawClient({
      command: process.execPath,
      args: [shim(), '--client', 'claude-code', '--server', '*'],
      cwd: home.project,
      env: home.env,
    }),
  );

/** Notes every frame it gets in a file, one line per process; asks for roots when told to. */
const DIARY = `
  const { appendFileSync } = require('node:fs');
  const say = (message) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', ...message }) + '\\n');
  let rest = '';
  process.stdin.on('data', (chunk) => {
    const lines = (rest + chunk).split('\\n');
    rest = lines.pop();
    for (const line of lines) {
      const { id, method, params } = JSON.parse(line);
      appendFileSync(process.env.DIARY, process.pid + ' ' + (method ?? 'answer ' + id) + ' ' + (params?.uri ?? '') + '\\n');
      if (method === 'acme/ask') say({ id: 0, method: 'roots/list' });
      if (method === 'acme/crash') process.exit(1);
      if (id === undefined || method === undefined || method === 'subscriptions/listen') continue;
      const capabilities = { resources: { subscribe: true, listChanged: true } };
      say({ id, result: method === 'initialize' ? { protocolVersion: '2025-11-25', capabilities, serverInfo: {} } : {} });
    }
  });`;

interface Diary {
  client: RawClient;
  /** What the first, second … process got. */
  processes(): string[][];
}

function startDiary(): Diary {
  const file = path.join(home.project, 'diary');
  writeFileSync(file, '');
  const client = keep(
    startThroughShim(home, {
      name: 'diary',
      command: process.execPath,
      args: ['-e', DIARY],
      env: { DIARY: file },
    }),
  );
  const processes = (): string[][] => {
    const byPid = new Map<string, string[]>();
    for (const line of readFileSync(file, 'utf8').trim().split('\n')) {
      const [pid = '', ...words] = line.split(' ');
      byPid.set(pid, [...(byPid.get(pid) ?? []), words.join(' ').trim()]);
    }
    return [...byPid.values()];
  };
  return { client, processes };
}

describe('a session that goes on with another server process', () => {
  it('B28: its subscriptions hold, and lists are announced as changed', async () => {
    hub = await startHub(home);
    const { client, processes } = startDiary();
    await client.initialize();
    await client.request('resources/subscribe', { uri: 'file:///kept' });
    await client.request('resources/subscribe', { uri: 'file:///dropped' });
    await client.request('resources/unsubscribe', { uri: 'file:///dropped' });
    await client.request('acme/crash');
    await client.line((line) => line.includes('notifications/resources/list_changed'));
    await client.request('resources/list');
    expect(processes()[1]).toEqual([
      'initialize',
      'notifications/initialized',
      'resources/subscribe file:///kept',
      'resources/list',
    ]);
    expect(client.lines.filter((line) => line.includes('patchbay-replay'))).toEqual([]);
  });

  it('B20, B27: an answer to the lost process does not reach the new one', async () => {
    hub = await startHub(home);
    const { client, processes } = startDiary();
    await client.initialize();
    client.send('{"jsonrpc":"2.0","method":"acme/ask"}');
    await client.line((line) => line.includes('roots/list'));
    await client.request('acme/crash');
    await client.line((line) => line.includes('notifications/cancelled') && line.includes('"requestId":0'));
    await client.line((line) => line.includes('list_changed'));
    client.send('{"jsonrpc":"2.0","method":"acme/ask"}');
    await client.line((line) => line.includes('"patchbay-1"'));
    client.send('{"jsonrpc":"2.0","id":0,"result":{"roots":["old"]}}');
    client.send('{"jsonrpc":"2.0","id":"patchbay-1","result":{"roots":["new"]}}');
    await client.request('resources/list');
    expect(processes()[1]!.filter((entry) => entry.startsWith('answer'))).toEqual(['answer 0']);
  });

  it('in the modern era, without a handshake: its open stream is opened again', async () => {
    hub = await startHub(home);
    const { client, processes } = startDiary();
    await client.request('server/discover');
    client.send(
      '{"jsonrpc":"2.0","id":"listen:0","method":"subscriptions/listen","params":{"notifications":{"resourcesListChanged":true}}}',
    );
    await client.request('acme/crash');
    await client.line((line) => line.includes('list_changed') && line.includes('"listen:0"'));
    await client.request('resources/list');
    expect(processes()[1]).toEqual(['subscriptions/listen', 'resources/list']);
  });
});

describe('an entry for all servers', () => {
  it('says so and ends when there is no hub, for nothing can stand in for it', async () => {
    const client = startForAll();
    expect(await client.exited).toEqual({ code: 1, signal: null });
    expect(client.stderr()).toContain('Patchbay is not running and could not be started.');
    expect(client.lines).toEqual([]);
  });

  it('D01: keeps its client through the death of the hub, and tells it while there is none', async () => {
    const servers = { one: { command: process.execPath, args: [fixtureServer('echo-server')] } };
    writeFileSync(path.join(home.dataDir, 'mcp-servers.json'), JSON.stringify({ mcpServers: servers }));
    hub = await startHub(home);
    const client = startForAll();
    await client.initialize();
    await expect
      .poll(async () => JSON.stringify((await client.request('tools/list')).result))
      .toContain('"one__echo"');
    await hub.kill();
    hub = null;
    const { error } = await client.request('tools/list');
    expect(error?.message).toMatch(/Patchbay/);
    hub = await startHub(home);
    await expect
      .poll(async () => JSON.stringify((await client.request('tools/list')).result))
      .toContain('"one__echo"');
  });
});

it('B17: a shim whose server never reads goes when its client is killed', async () => {
  hub = await startHub(home);
  const server = ['--', process.execPath, '-e', 'setInterval(() => {}, 1e6)'];
  const flood = `
    const { spawn } = require('node:child_process');
    const shim = spawn(process.execPath, ${JSON.stringify([shim(), '--client', 'c', '--server', 's', ...server])}, {
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    setInterval(() => shim.stdin.writableLength === 0 && shim.stdin.write('x'.repeat(1 << 20)), 5);
    setInterval(() => shim.stdin.writableLength > 0 && process.stdout.write('full'), 3_000);`;
  const client = spawn(process.execPath, ['-e', flood], {
    cwd: home.project,
    env: { ...home.env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(client.stdout, 'data');
  client.kill('SIGKILL');
  await expect.poll(() => processesOf(home).length, { timeout: 30_000 }).toBe(1);
});
