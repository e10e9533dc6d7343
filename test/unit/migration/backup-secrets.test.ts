import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { nodeFiles } from '../../../electron/hub/files/node-files.ts';
import { applyAll, engineFixture, testAdapter } from './engine-fixture.ts';
import { realHome } from './real-home.ts';

const TOKEN = 'ghp_0123456789abcdefghijABCDEFGHIJ';

describe.skipIf(process.platform === 'win32')('A30: a secret in a config', () => {
  it('stands in the saved original alone, for its owner only, and comes back with it', async () => {
    const { home, dataRoot, platform } = realHome();
    const file = path.join(home, '.claude.json');
    const text = `{"mcpServers": {"a": {"command": "a", "args": ["--token", "${TOKEN}"], "env": {"API_TOKEN": "${TOKEN}"}}}}`;
    writeFileSync(file, text, { mode: 0o644 });
    const adapters = [testAdapter('claude-code', file)];
    const { service, data } = engineFixture({ files: nodeFiles, adapters, dataRoot, platform });
    await applyAll(service);

    const written = readdirSync(dataRoot, { recursive: true, withFileTypes: true });
    const holding = written.filter((item) => {
      const at = path.join(item.parentPath, item.name);
      expect(statSync(at).mode & 0o077, at).toBe(0);
      return item.isFile() && readFileSync(at, 'utf8').includes(TOKEN);
    });
    // The catalog holds the arguments, which the hub must give to the server; variables it only refers to.
    expect(holding.map(({ name }) => name).toSorted((a, b) => a.localeCompare(b))).toEqual([
      '1-claude-code.backup',
      'mcp-servers.json',
    ]);
    expect(readFileSync(data.catalog, 'utf8').split(TOKEN)).toHaveLength(2);

    await service.rollback({ dryRun: false });
    expect(readFileSync(file, 'utf8')).toBe(text);
  });
});
