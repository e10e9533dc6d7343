import { describe, expect, it } from 'vitest';
import { parseCatalog } from '../../../electron/hub/servers/catalog-parse.ts';

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
    ['{"mcpServers": {"a": {"command": "x", "isolation": "shared"}}}', 'Server "a", isolation:'],
  ])('says what is wrong where: %s', (text, message) => {
    expect(() => parse(text)).toThrow(message);
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
