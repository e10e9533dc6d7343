import { mkdtempSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dataFolder, type DataFolder } from '../../../electron/hub/data-folder.ts';
import { silentLogger } from '../../../electron/hub/log.ts';
import { changeServer, editCatalog } from '../../../electron/hub/servers/catalog-file.ts';
import { CATALOG_SCHEMA_NAME } from '../../../electron/hub/servers/catalog-schema-name.ts';
import { writeCatalogSchema } from '../../../electron/hub/servers/catalog-schema.ts';
import { openLiveCatalog } from '../../../electron/hub/servers/live-catalog.ts';

let data: DataFolder;

beforeEach(() => {
  data = dataFolder(mkdtempSync(path.join(realpathSync(os.tmpdir()), 'patchbay-catalog-')));
  mkdirSync(data.run);
});
afterEach(() => rmSync(data.root, { recursive: true, force: true }));

const write = (text: string): void => writeFileSync(data.catalog, text);
const read = (): string => readFileSync(data.catalog, 'utf8');

describe('changing one server of the catalog', () => {
  it('touches only the fields that change, and takes out what is null', async () => {
    write(
      '{\n  // mine\n  "mcpServers": {\n    "a": { "command": "x", "warm": 1 }, // first\n    "b": {"command":"y"}\n  }\n}\n',
    );
    await changeServer(data, 'a', { isolation: 'shared', warm: null });
    expect(read()).toContain('"isolation": "shared"');
    expect(read()).not.toContain('warm');
    expect(read()).toContain('// mine');
    expect(read()).toContain('// first\n    "b": {"command":"y"}');
    await changeServer(data, 'b', { tools: { deny: ['rm*'] }, warm: 2, enabled: false });
    expect(JSON.parse(read().replaceAll(/\/\/.*/g, ''))).toEqual({
      mcpServers: {
        a: { command: 'x', isolation: 'shared' },
        b: { command: 'y', tools: { deny: ['rm*'] }, warm: 2, enabled: false },
      },
    });
  });

  it('finds a server in the list form', async () => {
    write('{"servers": [{"name": "a", "command": "x"}, {"name": "b", "command": "y"}]}');
    await changeServer(data, 'b', { copies: 3 });
    expect(JSON.parse(read())).toEqual({
      servers: [
        { name: 'a', command: 'x' },
        { name: 'b', command: 'y', copies: 3 },
      ],
    });
  });

  it('writes nothing when the change does not go with the definition', async () => {
    const before = '{"mcpServers": {"a": {"command": "x", "args": ["{SESSION_ID}"]}}}';
    write(before);
    await expect(changeServer(data, 'a', { isolation: 'shared' })).rejects.toMatchObject({
      code: 'CATALOG_INVALID',
    });
    await expect(changeServer(data, 'a', { warm: 99 })).rejects.toThrow('warm');
    await expect(changeServer(data, 'nobody', { warm: 1 })).rejects.toMatchObject({ code: 'SERVER_UNKNOWN' });
    expect(read()).toBe(before);
  });
});

describe('the live catalog', () => {
  it('tells which servers and profiles changed, and keeps the last good ones', async () => {
    write('{"mcpServers": {"a": {"command": "x"}}, "profiles": {"work": {"servers": ["a"]}}}');
    const changes: (readonly string[])[][] = [];
    const catalog = await openLiveCatalog({
      data,
      logger: silentLogger,
      onChange: (servers, profiles) => void changes.push([servers, profiles]),
    });
    expect([...catalog.profiles]).toEqual([['work', { servers: ['a'] }]]);
    expect(changes).toEqual([]);
    write('{"mcpServers": {"a": {"command": "x"}, "b": {"command": "y"}}, "profiles": {"home": {}}}');
    await catalog.reload();
    write('{"mcpServers": {"a": {"command": "x", "isolation": "pod"}}}');
    await catalog.reload();
    expect(catalog.error).toContain('line 1, column 52: Server "a", isolation:');
    expect([[...catalog.current.keys()], [...catalog.profiles.keys()]]).toEqual([['a', 'b'], ['home']]);
    expect(changes.slice(0, 2)).toEqual([
      [['b'], ['work', 'home']],
      [[], []],
    ]);
    await catalog.close();
  });

  it('puts the schema beside the catalog, which refers to it from its first server on', async () => {
    writeFileSync(path.join(data.root, CATALOG_SCHEMA_NAME), '{"half": ');
    await editCatalog(data, { add: new Map([['a', { command: 'x' }]]) });
    await writeCatalogSchema(data);
    const { $schema } = JSON.parse(read()) as { $schema: string };
    const schema = JSON.parse(readFileSync(path.resolve(data.root, $schema), 'utf8')) as { title: string };
    expect(schema.title).toContain('mcp-servers.json');
  });
});
