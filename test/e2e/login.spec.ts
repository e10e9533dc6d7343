import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  startAuthorizationServer,
  startProtectedServer,
} from '../process/remote/support/authorization-server.ts';
import { expect, test } from './fixtures.ts';
import { noteOpened } from './opened-outside.ts';

test('E37: the login page of a remote server opens in the system’s browser, and the window hears of the end', async ({
  home,
  desktop: { app, page },
}) => {
  const opened = await noteOpened(app);
  const issuer = await startAuthorizationServer();
  const upstream = await startProtectedServer(issuer);
  try {
    const mcpServers = { github: { type: 'http', url: upstream.url.href } };
    mkdirSync(home.dataDir, { recursive: true, mode: 0o700 });
    writeFileSync(path.join(home.dataDir, 'mcp-servers.json'), JSON.stringify({ mcpServers }), {
      mode: 0o600,
    });
    await page.getByRole('link', { name: 'Servers' }).click();
    const login = page.getByRole('region', { name: 'Login', exact: true });
    await login.getByRole('button', { name: 'Log in' }).click();
    await expect.poll(opened).toEqual([expect.stringContaining(`${issuer.origin}/authorize?`)]);
    expect(app.windows()).toHaveLength(1);
    const [address] = await opened();
    expect((await fetch(address!)).status).toBe(200);
    await expect(login).toContainText('You are logged in.');
  } finally {
    await upstream.close();
    await issuer.close();
  }
});
