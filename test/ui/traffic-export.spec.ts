import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright/test';
import { withSession } from './echo-session.ts';
import { expect, test } from './patchbay-test.ts';

const rows = (ui: Page) => ui.locator('[data-exchange]');
const filterBox = (ui: Page) => ui.getByRole('combobox', { name: 'Filter traffic' });

/** Exports through the menu; the path and the name of the download. */
async function exportAs(ui: Page, format: string): Promise<{ file: string; name: string }> {
  await ui.getByRole('button', { name: 'Export', exact: true }).click();
  const [download] = await Promise.all([
    ui.waitForEvent('download'),
    ui.getByRole('menuitem', { name: format }).click(),
  ]);
  return { file: await download.path(), name: download.suggestedFilename() };
}

test('what the filter finds is exported, and a file is opened again read-only', async ({ home, ui }) => {
  await withSession(home, async (client) => {
    await client.callTool('echo', { message: 'exported' });
    await client.callTool('fail');
    await client.callTool('add', { a: 1, b: 2 });
    await filterBox(ui).fill('tool:echo,fail');
    await expect(rows(ui)).toHaveCount(2);

    const csv = await exportAs(ui, 'CSV');
    expect(csv.name).toMatch(/^patchbay-[\dT-]+\.csv$/);
    expect((await readFile(csv.file, 'utf8')).trim().split('\n')).toHaveLength(3);
    await expect(ui.getByText(`2 exchanges in ${csv.name}.`)).toBeVisible();
    const har = await exportAs(ui, 'HAR');
    const archive = JSON.parse(await readFile(har.file, 'utf8')) as { log: { entries: unknown[] } };
    expect(archive.log.entries).toHaveLength(2);
    const { file } = await exportAs(ui, 'JSONL');
    const lines = (await readFile(file, 'utf8')).trim().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toHaveLength(2);

    await filterBox(ui).fill('');
    await expect(rows(ui)).toHaveCount(5);
    await ui.locator('input[type="file"]').setInputFiles({
      name: 'yesterday.jsonl',
      mimeType: 'application/x-ndjson',
      buffer: await readFile(file),
    });
    await expect(ui.getByText('Read-only: yesterday.jsonl')).toBeVisible();
    await expect(rows(ui)).toHaveCount(2);
    await ui.getByRole('row', { name: /echo.*echo.*OK/ }).click();
    const panel = ui.getByRole('complementary', { name: 'Exchange' });
    await expect(panel).toContainText('exported');
    await panel.getByRole('button', { name: 'Bookmark' }).click();
    await expect(panel.getByRole('alert')).toContainText('An opened file is only looked at.');
    // What happens now is no part of it.
    await client.callTool('pid');
    await filterBox(ui).fill('status:failed');
    await expect(rows(ui)).toHaveCount(1);
    await expect(ui.getByRole('region', { name: 'Exchanges over time' })).toContainText('1 failed');
    await filterBox(ui).fill('tool:pid');
    await expect(ui.getByText('The file holds no exchange like this.')).toBeVisible();
    await ui.getByRole('button', { name: 'Back to live' }).click();
    await expect(rows(ui)).toHaveCount(1);
    await expect(ui.getByRole('row', { name: /pid/ })).toBeVisible();
  });
});

test('a file that is none of ours is refused with the reason, and the live list stays', async ({
  home,
  ui,
}) => {
  await withSession(home, async (client) => {
    await client.callTool('echo', { message: 'live' });
    await expect(rows(ui)).toHaveCount(3);
    await ui
      .locator('input[type="file"]')
      .setInputFiles({ name: 'notes.jsonl', mimeType: 'text/plain', buffer: Buffer.from('{"a":1}\n') });
    await expect(ui.getByRole('alert')).toContainText('Line 1');
    await expect(rows(ui)).toHaveCount(3);
  });
});

test('spans are sent to a collector, and its refusal is shown', async ({ home, ui }) => {
  const bodies: string[] = [];
  let status = 200;
  const collector = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      bodies.push(`${request.headers.authorization ?? ''} ${Buffer.concat(parts).toString('utf8')}`);
      response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  const { port } = collector.address() as AddressInfo;
  try {
    await withSession(home, async (client) => {
      await client.callTool('echo', { message: 'span' });
      await filterBox(ui).fill('tool:echo');
      await expect(rows(ui)).toHaveCount(1);
      await ui.getByRole('button', { name: 'Export', exact: true }).click();
      await ui.getByRole('menuitem', { name: /Send spans/ }).click();
      const dialog = ui.getByRole('dialog', { name: 'Send spans to a collector' });
      await dialog.getByLabel('Address of the collector').fill('collector');
      await expect(dialog.getByText('An address with http:// or https:// is needed.')).toBeVisible();
      await dialog.getByLabel('Address of the collector').fill(`http://127.0.0.1:${port}/v1/traces`);
      await dialog.getByLabel('Headers').fill('authorization: Bearer abc');
      await dialog.getByRole('button', { name: 'Send' }).click();
      await expect(dialog.getByText(/The collector took \d+ span/)).toBeVisible();
      expect(bodies[0]).toMatch(/^Bearer abc \{"resourceSpans":/);
      status = 503;
      await dialog.getByRole('button', { name: 'Send' }).click();
      await expect(dialog.getByRole('alert')).toContainText('503');
    });
  } finally {
    collector.closeAllConnections();
    collector.close();
  }
});
