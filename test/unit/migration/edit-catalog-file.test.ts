import { describe, expect, it } from 'vitest';
import { dataFolder } from '../../../electron/hub/data-folder.ts';
import {
  editCatalogFile,
  readCatalogFile,
  type CatalogChange,
} from '../../../electron/hub/servers/edit-catalog-file.ts';
import { engineFixture } from './engine-fixture.ts';
import { MemoryFiles } from './memory-files.ts';

const data = dataFolder('/data');
const CATALOG = data.catalog;

async function edited(before: string | null, change: CatalogChange): Promise<string | null> {
  const disk = new MemoryFiles();
  disk.put('/data/x', '');
  if (before !== null) disk.put(CATALOG, before);
  const { storage } = engineFixture({ files: disk, adapters: [] });
  await editCatalogFile(storage, data, change);
  await readCatalogFile(storage, data);
  return disk.text(CATALOG);
}

const add = (...names: string[]): CatalogChange => ({
  add: new Map(names.map((name) => [name, { command: name, args: ['-y'] }])),
});

describe('editCatalogFile', () => {
  it('makes a catalog where there is none', async () => {
    expect(await edited(null, add('a', '__proto__'))).toBe(
      `{
  "$schema": "./mcp-servers.schema.json",
  "mcpServers": {
    "a": {
      "command": "a",
      "args": [
        "-y"
      ]
    },
    "__proto__": {
      "command": "__proto__",
      "args": [
        "-y"
      ]
    }
  }
}
`,
    );
    expect(await edited(null, { remove: ['a'] })).toBeNull();
    expect(await edited(' \n', add('a'))).toContain('"a"');
  });

  it('A05, A06: adds in the style of the file and keeps the rest as written', async () => {
    const before =
      '// mine\r\n{\r\n\t"mcpServers": {\r\n\t\t"a": { "command": "a" }, // first\r\n\t},\r\n\t"x": 1e400\r\n}\r\n';
    const after = await edited(before, { add: new Map([['b', { command: 'b' }]]) });
    expect(after).toBe(
      before.replace('}, // first', '},\r\n\t\t"b": {\r\n\t\t\t"command": "b"\r\n\t\t}, // first'),
    );
    expect(await edited(after, { remove: ['b'] })).toBe(before);
    expect(await edited('{"mcpServers":{}}', add('a'))).toBe(
      '{"mcpServers":{"a":{"command":"a","args":["-y"]}}}',
    );
    expect(await edited('\uFEFF{}', add('a'))).toContain('"mcpServers"');
  });

  it('reads and edits the list form too', async () => {
    const before = '{ "servers": [{ "name": "a", "command": "a" }, { "name": "b", "command": "b" }] }';
    expect(await edited(before, { remove: ['a'] })).toBe('{ "servers": [{ "name": "b", "command": "b" }] }');
    expect(await edited(before, add('c'))).toContain('"mcpServers"');
    await expect(edited(before, add('a'))).rejects.toMatchObject({ code: 'CATALOG_CONFLICT' });
  });

  it('replaces a server that is in both lists, and passes over unknown names', async () => {
    const before = '{ "mcpServers": { "a": { "command": "old" } } }';
    expect(await edited(before, { ...add('a'), remove: ['a', 'nobody'] })).not.toContain('old');
    expect(await edited(before, { remove: ['nobody'] })).toBe(before);
  });

  it('refuses a catalog that is broken', async () => {
    await expect(edited('{ "mcpServers": ', add('a'))).rejects.toMatchObject({ code: 'CATALOG_INVALID' });
    await expect(edited('{ "mcpServers": [] }', add('a'))).rejects.toMatchObject({ code: 'CATALOG_INVALID' });
  });
});
