import { writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, expect, test, vi } from 'vitest';
import { dataFolder } from '../../../electron/hub/data-folder.ts';
import { silentLogger } from '../../../electron/hub/log.ts';
import { type LiveCatalog, openLiveCatalog } from '../../../electron/hub/servers/live-catalog.ts';
import { temporaryFolders } from '../traffic/temporary-folder.ts';

const folder = temporaryFolders();
let live: LiveCatalog | null = null;
afterEach(async () => {
  await live?.close();
  live = null;
});

const catalogOf = (...names: string[]): string =>
  JSON.stringify({ mcpServers: Object.fromEntries(names.map((name) => [name, { command: 'node' }])) });

test('an editor that empties the file before it fills it never leaves a catalog without servers', async () => {
  const data = dataFolder(folder());
  writeFileSync(data.catalog, catalogOf('first'));
  const seen: string[][] = [];
  const opened = await openLiveCatalog({
    data,
    logger: silentLogger,
    onChange: () => seen.push([...(live?.current.keys() ?? [])]),
  });
  live = opened;
  const names = () => [...opened.current.keys()];
  for (let round = 1; round <= 12; round += 1) {
    writeFileSync(data.catalog, '');
    // The moment of the fault itself: as long as it takes to be read in between.
    await pause(2);
    writeFileSync(data.catalog, catalogOf('first', `round-${round}`));
    await vi.waitFor(() => expect(names()).toEqual(['first', `round-${round}`]), { timeout: 10_000 });
  }
  expect(seen.filter((servers) => !servers.includes('first'))).toEqual([]);
  expect(opened.error).toBeNull();
});

test('a broken catalog is told once, and nobody is called before the catalog is open', async () => {
  const data = dataFolder(folder());
  writeFileSync(data.catalog, '{"mcpServers": {"x": {"command": nonsense}}}');
  let isOpen = false;
  const early: string[] = [];
  const logged: string[] = [];
  live = await openLiveCatalog({
    data,
    logger: { ...silentLogger, log: (_level, event) => void logged.push(event) },
    onChange: () => {
      if (!isOpen) early.push('called');
    },
  });
  isOpen = true;
  await live.reload();
  expect(live.error).toContain('line 1');
  expect(early).toEqual([]);
  expect(logged.filter((event) => event === 'catalog.invalid')).toHaveLength(1);
});
