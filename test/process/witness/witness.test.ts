import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isParityKept } from '../../../shared/model/migration.ts';
import type { ProbeResult, StdioLaunch, Witness } from '../../../electron/hub/migration/witness-port.ts';
import { createWitness, type WitnessOptions } from '../../../electron/hub/witness/create-witness.ts';
import { expectNothingLeft } from '../../support/leak-check.ts';
import { mcpFixture, startHttpProgram } from '../../support/mcp-fixtures.ts';
import { referenceServer } from '../../support/reference-servers.ts';
import { temporaryHome, type TemporaryHome } from '../../support/temporary-home.ts';

const fixture = (name: string): string =>
  path.resolve(import.meta.dirname, '../../fixtures/servers', `${name}.mjs`);
const never = new AbortController().signal;

let home: TemporaryHome;
beforeEach(() => (home = temporaryHome()));
afterEach(async () => {
  await expectNothingLeft(home);
  home.dispose();
});

const witness = (options: Partial<WitnessOptions> = {}): Witness =>
  createWitness({ bypassNotes: path.join(home.root, 'bypass'), ...options });

function launch([command = '', ...args]: string[], extra: Partial<StdioLaunch> = {}): StdioLaunch {
  const place = { cwd: home.project, env: home.env, route: 'direct' as const };
  return { client: 'claude-code', server: 'tested', scope: 'user', command, args, ...place, ...extra };
}

async function probe(command: string[], extra: Partial<StdioLaunch> = {}): Promise<ProbeResult> {
  const [result] = await witness().probe([launch(command, extra)], never);
  return result!;
}

/** Node code that answers every request with what the expression `result` gives. */
const answering = (result: string): string => `
  require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
    const { id, method } = JSON.parse(line);
    if (id !== undefined) console.log(JSON.stringify({ jsonrpc: '2.0', id, result: ${result} }));
  });`;

describe('real servers', () => {
  it('lists the tools of each and finds them unchanged the second time', async () => {
    const launches = [
      launch(referenceServer('everything'), { server: 'everything' }),
      launch(referenceServer('filesystem', home.project), { server: 'filesystem' }),
      launch(referenceServer('memory'), { server: 'memory' }),
    ];
    const before = await witness().probe(launches, never);
    const after = await witness().probe(launches, never);
    const names = before.map(({ tools }) => [...tools!.keys()]);
    expect(names).toEqual([
      expect.arrayContaining(['echo']),
      expect.arrayContaining(['read_text_file', 'write_file']),
      expect.arrayContaining(['create_entities', 'search_nodes']),
    ]);
    const rows = witness().compare(before, after);
    expect(rows.map(({ server, missing, changed }) => [server, missing, changed])).toEqual([
      ['everything', [], []],
      ['filesystem', [], []],
      ['memory', [], []],
    ]);
    for (const row of rows) {
      expect(isParityKept(row)).toBe(true);
      expect(
        Math.min(row.startBeforeMs!, row.startAfterMs!, row.latencyBeforeMs!, row.latencyAfterMs!),
      ).toBeGreaterThan(0);
    }
  });
});

describe('odd servers', () => {
  it.each([
    ['echo-server', 8],
    ['noisy', 1],
    ['asks-back', 1],
    ['grandchild', 1],
    ['raw-frames', 1],
  ])('B07, B11, B14, B15: %s is asked and ended with all it started', async (name, count) => {
    const result = await probe(['node', fixture(name)]);
    expect({ count: result.tools?.size, error: result.error }).toEqual({ count, error: undefined });
  });

  it('B02: tells why a server ended at once, in its own words', async () => {
    const result = await probe(['node', fixture('bad-start')]);
    expect(result).toMatchObject({
      tools: null,
      startMs: null,
      latencyMs: null,
      error: 'The server ended with exit code 1. It wrote: bad-start: cannot read its configuration',
    });
  });

  it('B13: ends a server that ignores EOF and SIGTERM within 5 s', async () => {
    const start = performance.now();
    const result = await probe(['node', fixture('stubborn')]);
    expect(result.tools?.size).toBe(1);
    expect(performance.now() - start - result.startMs!).toBeLessThan(5_000);
  });

  it('B06: gives up on a server that never answers', async () => {
    const silent = launch([
      'node',
      '-e',
      'console.error("thinking"); process.stdin.on("end", process.exit).resume()',
    ]);
    const [result] = await witness({ startTimeoutMs: 1_000 }).probe([silent], never);
    expect(result).toMatchObject({
      tools: null,
      error: 'The server did not answer initialize within 1 s. It wrote: thinking',
    });
  });

  it('keeps what it learned when a server dies half-way', async () => {
    const code = answering(`method === 'tools/list' ? process.exit(3) : { protocolVersion: '2025-11-25' }`);
    const result = await probe(['node', '-e', code]);
    expect(result).toMatchObject({ tools: null, error: 'The server ended with exit code 3.' });
    expect(result.startMs).toBeGreaterThan(0);
  });
});

describe('both eras and both ways', () => {
  it('asks a server that speaks the newer era alone in that era, after it refused the older', async () => {
    const { command, args } = mcpFixture('dual', 'stdio', '--modern-only');
    const [modern] = await witness().probe([launch([command, ...args])], never);
    const { error, era, tools } = modern!;
    expect({ error, era }).toEqual({ error: undefined, era: 'modern' });
    expect(tools!.size).toBeGreaterThan(0);
    expect(modern!.latencyMs).toBeGreaterThan(0);

    const both = mcpFixture('dual', 'stdio');
    const dual = await probe([both.command, ...both.args]);
    expect(dual.era).toBe('legacy');
    expect([...dual.tools!.keys()].sort()).toEqual([...tools!.keys()].sort());
  });

  it('lists prompts, resources and templates beside the tools', async () => {
    const { command, args } = mcpFixture('legacy', 'stdio');
    const { features } = await probe([command, ...args]);
    const kinds = new Set([...features!.keys()].map((name) => name.split(' ')[0]));
    expect(kinds).toEqual(new Set(['prompt', 'resource', 'template']));
  });

  it.each([
    ['legacy', []],
    ['dual', []],
    ['dual', ['--modern-only']],
  ] as const)('asks a URL as it asks a program: %s %j', async (era, options) => {
    const server = await startHttpProgram(mcpFixture(era, 'http', ...options), home.env);
    try {
      const place = { client: 'claude-code', server: 'web', scope: 'user', cwd: home.project } as const;
      const [web] = await witness().probe([{ ...place, url: server.url, headers: {}, route: 'hub' }], never);
      expect(web!.error).toBeUndefined();
      expect(web).toMatchObject({ route: 'hub', era: options.length > 0 ? 'modern' : 'legacy' });
      expect(web!.tools!.size).toBeGreaterThan(0);
      expect(web!.features!.size).toBeGreaterThan(0);
    } finally {
      await server.stop();
    }
  });

  it('says that a URL cannot be reached, without the URL', async () => {
    const place = { client: 'claude-code', server: 'web', scope: 'user', cwd: home.project } as const;
    const url = 'http://127.0.0.1:9/mcp?key=secret';
    const [gone] = await witness().probe([{ ...place, url, headers: {}, route: 'direct' }], never);
    expect(gone).toMatchObject({ tools: null, route: 'direct' });
    expect(gone!.error).toMatch(/could not be reached/);
    expect(gone!.error).not.toContain('secret');
  });
});

describe('starting', () => {
  it('gives the server exactly the folder and the environment it was told', async () => {
    const env = { PATH: home.env.PATH!, HOME: home.home, ODD: 'a=b "c" $d\n' };
    const code = answering(`method === 'initialize'
      ? { protocolVersion: '2025-11-25' }
      : { tools: [{ name: JSON.stringify([process.cwd(), process.env, process.argv.slice(1)]) }] }`);
    const { tools } = await probe(['node', '-e', code, '--', '$HOME', '', '*'], { env });
    expect(JSON.parse([...tools!.keys()][0]!)).toEqual([home.project, env, ['$HOME', '', '*']]);
  });

  it('B01: says which command was not found and where it was searched', async () => {
    const result = await probe(['patchbay-no-such-command'], { env: { PATH: '/nowhere' } });
    expect(result).toMatchObject({
      tools: null,
      route: 'direct',
      error: 'The command "patchbay-no-such-command" was not found. Searched in PATH=/nowhere',
    });
  });

  it('says that the folder is missing, not the command', async () => {
    const cwd = path.join(home.root, 'gone');
    expect((await probe(['node', fixture('echo-server')], { cwd })).error).toContain(`${cwd} does not exist`);
  });

  it('keeps the order of the launches and runs two at a time', async () => {
    const log = path.join(home.root, 'log');
    const code = `
      const log = (text) => require('node:fs').appendFileSync(process.argv[1], text);
      log('+');
      process.stdin.on('end', () => log('-'));
      ${answering(`method === 'initialize' ? { protocolVersion: '1' } : { tools: [{ name: process.argv[2] }] }`)}`;
    const names = ['one', 'two', 'three', 'four', 'five'];
    const launches = names.map((name) => launch(['node', '-e', code, log, name], { server: name }));
    const results = await witness().probe(launches, never);
    expect(results.map(({ tools }) => [...tools!.keys()])).toEqual(names.map((name) => [name]));
    let live = 0;
    const most = Math.max(
      ...readFileSync(log, 'utf8')
        .split('')
        .map((mark) => (live += mark === '+' ? 1 : -1)),
    );
    expect({ live, most }).toEqual({ live: 0, most: 2 });
  });

  it('rejects once aborted, after everything has ended', async () => {
    const controller = new AbortController();
    const code = `require('node:fs').writeFileSync(process.argv[1], ''); process.stdin.on('end', process.exit).resume()`;
    const started = path.join(home.root, 'started');
    const launches = [1, 2, 3].map((index) => launch(['node', '-e', code, `${started}-${index}`]));
    const probing = witness().probe(launches, controller.signal);
    await expect
      .poll(() => readable(`${started}-1`) && readable(`${started}-2`), { timeout: 10_000 })
      .toBe(true);
    controller.abort(new Error('the person changed their mind'));
    await expect(probing).rejects.toThrow('the person changed their mind');
    expect(readable(`${started}-3`)).toBe(false);
  });
});

describe('the way the frames went', () => {
  /** Does what our shim does without a hub: leaves a note with its pid and serves all the same. */
  function notingShim(): string {
    const script = path.join(home.root, 'noting-shim.mjs');
    const notes = path.join(home.root, 'bypass');
    writeFileSync(
      script,
      `import { mkdirSync, writeFileSync } from 'node:fs';
       mkdirSync(${JSON.stringify(notes)}, { recursive: true });
       const note = { at: Date.now(), pid: process.pid, client: 'c', server: 's', reason: 'no hub' };
       writeFileSync(${JSON.stringify(notes)} + '/' + process.pid + '.json', JSON.stringify(note));
       await import(${JSON.stringify(fixture('echo-server'))});`,
    );
    return script;
  }

  it('is a bypass when the shim has left a note or led nowhere, and the hub otherwise', async () => {
    const script = notingShim();
    const results = await witness().probe(
      [
        launch(['node', script], { route: 'shim' }),
        launch(['node', fixture('echo-server')], { route: 'shim' }),
        launch(['node', script], { route: 'direct' }),
        launch([path.join(home.root, 'no-shim')], { route: 'shim' }),
        launch(['node', fixture('bad-start')], { route: 'shim' }),
      ],
      never,
    );
    expect(results.map(({ route, tools }) => [route, tools?.size ?? null])).toEqual([
      ['bypass', 8],
      ['hub', 8],
      ['direct', 8],
      ['bypass', null],
      ['bypass', null],
    ]);
  });
});

function readable(file: string): boolean {
  try {
    readFileSync(file);
    return true;
  } catch {
    return false;
  }
}
