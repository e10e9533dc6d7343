import { createServer, type Server } from 'node:net';
import { connected, hubPid } from './desktop-app.ts';
import { expect, test } from './fixtures.ts';
import { target } from './target.ts';
import { clickTray, shownMessages, trayLabels } from './tray.ts';

test('D12: a killed hub comes back, and the page with it', async ({ desktop: { page } }) => {
  const first = await hubPid(page);
  process.kill(first, 'SIGKILL');
  await expect.poll(() => hubPid(page)).not.toBe(first);
  await expect(page.getByText('Hub connected')).toBeVisible();
  // The new connection carries calls, not only the greeting.
  await page.getByRole('link', { name: 'Clients' }).click();
  await expect(page.getByRole('heading', { name: 'Clients' })).toBeVisible();
});

test('two crashes in a row: the second restart waits, the page says so, and it happens', async ({
  desktop: { page },
}) => {
  const first = await hubPid(page);
  process.kill(first, 'SIGKILL');
  await expect.poll(() => hubPid(page)).not.toBe(first);
  const second = await hubPid(page);
  process.kill(second, 'SIGKILL');
  await expect(page.getByText('Hub connected')).toBeHidden();
  await expect(page.getByText('Hub connected')).toBeVisible();
  await expect.poll(() => hubPid(page)).not.toBe(second);
});

test('D02: a taken port is named; freed, the hub starts from the tray', async ({ start }) => {
  test.skip(target.kind === 'electron', 'Electron gives no access to the tray of a running app');
  const { server, port } = await takePort();
  const app = await start({ PATCHBAY_PORT: String(port) });
  await expect
    .poll(() => trayLabels(app))
    .toContainEqual(expect.stringContaining(`Not running: Port ${port}`));
  expect(await shownMessages(app)).toContain('Patchbay is not running');

  await new Promise((resolve) => server.close(resolve));
  await clickTray(app, 'start-hub');
  await connected(app);
});

async function takePort(): Promise<{ server: Server; port: number }> {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { server, port: address.port };
}
