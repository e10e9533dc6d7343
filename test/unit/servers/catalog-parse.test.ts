import { describe, expect, it } from 'vitest';
import { parseCatalog, parseCatalogContent } from '../../../electron/hub/servers/catalog-parse.ts';

const parse = (text: string): [string, unknown][] => [...parseCatalog(text, 'mcp-servers.json')];

describe('catalog', () => {
  it('reads the common form with comments, and keeps unknown keys', () => {
    const text =
      '// mine\n{"mcpServers": {"a": {"command": "node", "args": ["x"], "acme": 1,}, }, "other": true}';
    expect(parse(text)).toEqual([['a', { command: 'node', args: ['x'], acme: 1 }]]);
  });

  it('reads the list form', () => {
    expect(parse('{"servers": [{"name": "a", "command": "node", "enabled": false}]}')).toEqual([
      ['a', { command: 'node', enabled: false }],
    ]);
  });

  it('takes an empty file for an empty catalog', () => {
    expect(parse(' \n')).toEqual([]);
  });

  it.each([
    ['{"mcpServers": {"a": {"command": "x"}', 'line 1, column 38: CloseBraceExpected.'],
    ['{"mcpServers": {\n "a": {"command": 5}}}', 'line 2, column 19: Server "a", command:'],
    ['{"mcpServers": {"a": {}}}', 'Server "a" has neither "command" nor "url".'],
    [
      '{"mcpServers": {"a": {"command": "x"},\n"a": {"command": "y"}}}',
      'line 2, column 6: The server "a" stands there twice.',
    ],
    ['{"servers": [{"command": "x"}]}', 'Every item of "servers" needs a "name".'],
    ['{"mcpServers": []}', '"mcpServers" must be an object.'],
    ['[]', 'It must be one JSON object.'],
    [
      '{"mcpServers": {"a": {"command": "x",\n "isolation": "pod"}}}',
      'line 2, column 15: Server "a", isolation:',
    ],
    ['{"mcpServers": {"a": {"command": "x", "warm": 9}}}', 'Server "a", warm: Too big'],
    ['{"mcpServers": {"a": {"command": "x", "tools": {"deny": "all"}}}}', 'Server "a", tools.deny:'],
    ['{"profiles": []}', '"profiles" must be an object.'],
    ['{"profiles": {"w": {"servers":\n "a"}}}', 'line 2, column 2: Profile "w", servers:'],
    ['{"profiles": {"w": {}, "w": {}}}', 'The profile "w" stands there twice.'],
    [
      '{"mcpServers": {"a": {"command": "x", "args": ["--db={SESSION_ID}"],\n"isolation": "client"}}}',
      'line 2, column 14: Server "a", isolation: "client" shares one process between several, so its definition cannot hold {SESSION_ID}.',
    ],
    ['{"mcpServers": {"a": {"command": "x", "cwd": "/{USER_ID}", "isolation": "shared"}}}', '{USER_ID}'],
  ])('says what is wrong where: %s', (text, message) => {
    expect(() => parse(text)).toThrow(message);
  });

  it('knows all that a definition may say of isolation and limits', () => {
    const definition = {
      command: 'x',
      isolation: 'client',
      timeout: 1_000,
      startTimeout: 2_000,
      tools: { allow: ['a*'], deny: ['ab'], rename: { ac: 'c' } },
      warm: 2,
      concurrency: 4,
      copies: 3,
      idleTimeout: 0,
      memoryLimit: 1,
      downstreamEra: 'legacy',
    };
    expect(parse(JSON.stringify({ mcpServers: { a: definition } }))).toEqual([['a', definition]]);
  });

  it('takes templates where everybody who shares the process has the same value', () => {
    const definition = {
      command: 'x',
      isolation: 'client',
      args: ['{CLIENT_ID}', '{USER_ID}', '{WORKDIR}', '${SESSION_ID}'],
    };
    expect(parse(JSON.stringify({ mcpServers: { a: definition } }))).toHaveLength(1);
  });

  it('reads profiles in their order', () => {
    const work = { servers: ['b', 'a'], tools: { a: { deny: ['rm*'] } }, downstreamEra: 'legacy', note: 1 };
    const { profiles } = parseCatalogContent(JSON.stringify({ profiles: { work, all: {} } }), 'f');
    expect([...profiles]).toEqual([
      ['work', work],
      ['all', {}],
    ]);
  });

  it('A09: a server may be called __proto__ without touching any prototype', () => {
    const catalog = parseCatalog(
      '{"mcpServers": {"__proto__": {"command": "x"}, "constructor": {"command": "y"}}}',
      'f',
    );
    expect([...catalog.keys()]).toEqual(['__proto__', 'constructor']);
    expect(({} as { command?: string }).command).toBeUndefined();
  });
});
