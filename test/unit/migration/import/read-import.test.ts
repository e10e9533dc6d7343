import { describe, expect, it } from 'vitest';
import { readImport } from '../../../../electron/hub/migration/import/read-import.ts';

const read = (value: unknown) =>
  readImport(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)), 'given.json');
const definitions = (value: unknown) =>
  Object.fromEntries(read(value).found.map(({ name, definition }) => [name, definition]));

describe('what other programs write', () => {
  it("reads Claude Code's own file, every project in it, with comments and all", () => {
    const content = read(`{
      // mine
      "mcpServers": {
        "github": { "type": "stdio", "command": "npx", "args": ["-y", "gh"], "env": { "GITHUB_TOKEN": "x", "PORT": 8080 } },
        "docs": { "type": "http", "url": "https://docs.example/mcp", "headers": { "X-Key": "k" } },
      },
      "projects": { "/home/ada/work": { "mcpServers": { "files": { "command": "files", "args": [] } }, "history": [] } }
    }`);
    expect(content.format).toBe('an mcpServers file');
    expect(content.passedOver).toEqual([]);
    expect(content.found).toEqual([
      {
        name: 'github',
        place: 'mcpServers',
        definition: { command: 'npx', args: ['-y', 'gh'], env: { GITHUB_TOKEN: 'x', PORT: '8080' } },
        notes: [],
      },
      {
        name: 'docs',
        place: 'mcpServers',
        definition: {
          url: 'https://docs.example/mcp',
          type: 'http',
          headers: { 'X-Key': 'k' },
          isolation: 'client',
        },
        notes: [],
      },
      {
        name: 'files',
        place: 'projects./home/ada/work.mcpServers',
        definition: { command: 'files' },
        notes: [],
      },
    ]);
  });

  it('reads the list form, and a table without its key', () => {
    expect(definitions({ servers: [{ name: 'a', command: 'a', args: ['x'], enabled: false }] })).toEqual({
      a: { command: 'a', args: ['x'], enabled: false },
    });
    expect(definitions({ b: { command: 'b' }, c: { serverUrl: 'https://c.example/' } })).toEqual({
      b: { command: 'b' },
      c: { url: 'https://c.example/', type: 'http', isolation: 'client' },
    });
  });

  it("reads VS Code's mcp.json and turns its inputs into secrets", () => {
    const content = read({
      inputs: [{ type: 'promptString', id: 'gh-token', password: true }],
      servers: {
        gh: {
          type: 'stdio',
          command: '${userHome}/bin/gh',
          args: ['--level', '${env:LEVEL}'],
          env: { TOKEN: '${input:gh-token}' },
          cwd: '${workspaceFolder}',
        },
        web: {
          type: 'http',
          url: 'https://x.example',
          headers: { Authorization: 'Bearer ${input:gh-token}' },
        },
        odd: { command: 'odd', args: ['${workspaceFolder}/x'], envFile: '.env' },
      },
    });
    const [gh, web, odd] = content.found;
    expect(gh).toMatchObject({
      definition: {
        command: '${HOME}/bin/gh',
        args: ['--level', '${LEVEL}'],
        env: { TOKEN: '${secret:gh-token}' },
      },
      notes: ['It asks for a value: patchbay secrets set gh-token'],
    });
    expect(gh!.definition).not.toHaveProperty('cwd');
    expect(web!.definition.headers).toEqual({ Authorization: 'Bearer ${secret:gh-token}' });
    expect(odd!.definition.enabled).toBe(false);
    expect(odd!.notes.join('\n')).toMatch(/envFile \.env is not read[^]*does not know \$\{workspaceFolder\}/);
  });

  it("reads MetaMCP's import form and its API's list", () => {
    expect(
      definitions({
        mcpServers: { s: { type: 'STREAMABLE_HTTP', url: 'https://s.example', bearerToken: 't0k' } },
      }),
    ).toEqual({
      s: {
        url: 'https://s.example',
        type: 'http',
        headers: { Authorization: 'Bearer t0k' },
        isolation: 'client',
      },
    });
    const content = read({
      success: true,
      data: [
        {
          uuid: '1',
          name: 'a',
          type: 'STDIO',
          command: 'uvx',
          args: ['a'],
          env: { A: '1' },
          url: null,
          headers: {},
        },
        { uuid: '2', name: 'b', type: 'SSE', command: null, args: [], env: {}, url: 'https://b.example/sse' },
      ],
    });
    expect(content.format).toContain('MetaMCP');
    expect(content.found.map(({ definition }) => definition)).toEqual([
      { command: 'uvx', args: ['a'], env: { A: '1' } },
      { url: 'https://b.example/sse', type: 'sse', isolation: 'client' },
    ]);
  });

  it("turns a server of Docker's catalog into the command its gateway would run, values kept off it", () => {
    const content = read({
      name: 'docker-mcp',
      registry: {
        github: {
          type: 'server',
          image: 'ghcr.io/github/mcp@sha256:abc',
          secrets: [{ name: 'github.personal_access_token', env: 'GITHUB_TOKEN' }],
          env: [{ name: 'TOOLSETS', value: 'all' }],
          volumes: ['/data:/data:ro'],
          command: ['stdio'],
          user: '1000:1000',
          allowHosts: ['api.github.com:443'],
        },
        offline: { type: 'server', image: 'mcp/offline', disableNetwork: true },
        docs: {
          type: 'remote',
          remote: { transport_type: 'sse', url: 'https://docs.example/sse' },
          oauth: {},
        },
        curl: { type: 'poci', tools: [] },
        astra: { type: 'server', image: 'mcp/astra', env: [{ name: 'URL', value: '{{astra.endpoint}}' }] },
      },
    });
    const [github, offline, docs, astra] = content.found;
    expect(github!.definition).toEqual({
      command: 'docker',
      args: 'run -i --rm --init -u 1000:1000 -e TOOLSETS -e GITHUB_TOKEN -v /data:/data:ro ghcr.io/github/mcp@sha256:abc stdio'.split(
        ' ',
      ),
      env: { TOOLSETS: 'all', GITHUB_TOKEN: '${secret:github.personal_access_token}' },
    });
    expect(github!.notes.join('\n')).toMatch(
      /secrets set github\.personal_access_token[^]*api\.github\.com:443 only/,
    );
    expect(offline!.definition.args).toContain('none');
    expect(docs!.definition).toEqual({ url: 'https://docs.example/sse', type: 'sse', isolation: 'client' });
    expect(docs!.notes).toEqual(['It wants a login: patchbay servers login docs']);
    expect(astra!.definition.enabled).toBe(false);
    expect(astra!.notes).toEqual(['It needs a setting: put a value in place of {{astra.endpoint}}.']);
    expect(content.passedOver).toEqual([
      { name: 'curl', place: 'registry', reason: 'It starts one container for each call.' },
    ]);
  });

  it("fills a Docker profile's own settings in", () => {
    const content = read({
      version: 1,
      id: 'mine',
      name: 'Mine',
      servers: [
        {
          type: 'image',
          image: 'mcp/astra',
          config: { endpoint: 'https://db.example', nested: { a: 1 } },
          snapshot: {
            server: {
              name: 'astra',
              type: 'server',
              image: 'mcp/astra',
              env: [{ name: 'URL', value: '{{astra.endpoint}}' }],
              command: ['--n={{astra.nested.a}}'],
            },
          },
        },
        { type: 'registry', source: 'https://registry.example/v0/servers/1' },
      ],
    });
    expect(content.found[0]!.definition).toMatchObject({
      args: ['run', '-i', '--rm', '--init', '-e', 'URL', 'mcp/astra', '--n=1'],
      env: { URL: 'https://db.example' },
    });
    expect(content.passedOver).toMatchObject([{ name: 'https://registry.example/v0/servers/1' }]);
  });
});

describe('what is passed over or refused', () => {
  it('passes over what leads to Patchbay, what has no launch and what it does not understand', () => {
    const shim = ['/d/shim/shim.cjs', '--client', 'claude-code', '--server', 'x', '--', 'npx', 'x'];
    const { found, passedOver } = read({
      mcpServers: {
        ok: { command: 'ok' },
        routed: { command: 'node', args: shim },
        patchbay: { type: 'http', url: 'http://127.0.0.1:12009/mcp' },
        empty: {},
        wrong: { command: 7 },
        ws: { type: 'ws', url: 'wss://x' },
        '': { command: 'nameless' },
        text: 'npx',
      },
    });
    expect(found.map(({ name }) => name)).toEqual(['ok']);
    expect(Object.fromEntries(passedOver.map(({ name, reason }) => [name, reason]))).toMatchObject({
      routed: 'It goes through Patchbay already.',
      patchbay: 'It goes through Patchbay already.',
      empty: 'It has neither a command nor a URL.',
      ws: 'Its type "ws" is unknown.',
      '': 'It has no name.',
    });
    expect(passedOver).toHaveLength(7);
  });

  it('A09: takes names and variables such as __proto__ as they are', () => {
    const { found } = read('{"mcpServers": {"__proto__": {"command": "a", "env": {"__proto__": "x"}}}}');
    expect(found[0]!.name).toBe('__proto__');
    expect(found[0]!.definition).toEqual({ command: 'a' });
    expect(Object.getPrototypeOf({})).not.toHaveProperty('x');
  });

  it.each<[string, string, string]>([
    ['A01: half a file', '{"mcpServers": {', 'CONFIG_MALFORMED'],
    ['A07: a key twice', '{"mcpServers": {}, "mcpServers": {}}', 'CONFIG_DUPLICATE_KEY'],
    ['A20: too deep', `{"a": ${'['.repeat(300)}${']'.repeat(300)}}`, 'CONFIG_TOO_LARGE'],
    ['something else', '{"name": "x", "version": "1.0.0"}', 'CONFIG_MALFORMED'],
    ['nothing', '', 'CONFIG_MALFORMED'],
    ['YAML', '# a catalog\nregistry:\n  github:\n    image: x\n', 'CONFIG_MALFORMED'],
  ])('%s', (_name, text, code) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ code }));
  });

  it('says how to get JSON when it is given YAML', () => {
    expect(() => read('registry:\n  a:\n    image: x\n')).toThrow(
      expect.objectContaining({
        info: expect.objectContaining({ hint: expect.stringContaining('profile export') }),
      }),
    );
  });

  it('A20: refuses more servers than anybody could look through', () => {
    const many = Object.fromEntries(
      Array.from({ length: 2_001 }, (_, index) => [`s${index}`, { command: 'x' }]),
    );
    expect(() => read({ mcpServers: many })).toThrow(expect.objectContaining({ code: 'CONFIG_TOO_LARGE' }));
  });
});
