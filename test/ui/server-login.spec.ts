import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import type { Page } from 'playwright/test';
import type { RunningHub } from '../support/hub.ts';
import {
  startAuthorizationServer,
  startGithubFor,
  type FakeAuthorizationServer,
} from '../process/remote/support/authorization-server.ts';
import { inspect } from './inspect.ts';
import { expect, goTo, test as base } from './patchbay-test.ts';

/** A server `github` in the catalog that wants a login, and the authorization server whose page asks the person. */
const test = base.extend<{ issuer: FakeAuthorizationServer }>({
  issuer: async ({ home }, use) => {
    const issuer = await startAuthorizationServer();
    issuer.rules.asks = true;
    const upstream = await startGithubFor(home, issuer, ['read', 'write']);
    await use(issuer);
    await upstream.close();
    await issuer.close();
  },
});

/** A client over HTTP that calls the tool in a session of its own; the text, or the error's. */
async function callTool(hub: RunningHub): Promise<string> {
  const headers = {
    authorization: `Bearer ${hub.token}`,
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
  };
  const ask = async (
    id: number,
    method: string,
    params: object,
    session?: string | null,
  ): Promise<{ session: string | null; text: string }> => {
    const response = await fetch(`http://127.0.0.1:${hub.port}/servers/github/mcp`, {
      method: 'POST',
      headers: { ...headers, ...(session && { 'mcp-session-id': session }) },
      body: JSON.stringify({ jsonrpc: '2.0', id, method, params }),
    });
    return { session: response.headers.get('mcp-session-id'), text: await response.text() };
  };
  const { session, text } = await ask(1, 'initialize', {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'test', version: '1' },
  });
  return session === null
    ? text
    : (await ask(2, 'tools/call', { name: 'whoami', arguments: {} }, session)).text;
}

const section = (ui: Page) => ui.getByRole('region', { name: 'Login', exact: true });
const button = (ui: Page, name: string) => section(ui).getByRole('button', { name, exact: true });

/** Presses what opens the login page, and gives that page. */
async function loginPage(ui: Page, name: string): Promise<Page> {
  const opened = ui.context().waitForEvent('page');
  await button(ui, name).click();
  const page = await opened;
  await expect(page).toHaveTitle('Consent');
  return page;
}

test('one logs in at a remote server in a tab, calls it through the hub, and logs out', async ({
  issuer,
  hub,
  ui,
}) => {
  expect(await callTool(hub)).toContain('wants a login');
  await goTo(ui, '#/servers?server=github');
  await expect(section(ui)).toContainText('It needs a login.');

  const consent = await loginPage(ui, 'Log in');
  expect(await consent.evaluate(() => [window.opener, document.referrer])).toEqual([null, '']);
  await expect(section(ui).getByRole('status')).toContainText(/Patchbay waits until \d\d:\d\d\./);
  // The button keeps the focus and is what goes on.
  await expect(button(ui, 'Open the login page')).toBeFocused();
  await inspect(ui, 'server-login-waiting');
  // Another look at the same login: nobody is asked twice.
  const again = await loginPage(ui, 'Open the login page');
  expect(again.url()).toBe(consent.url());
  expect(issuer.registrations).toHaveLength(1);
  await again.getByRole('link', { name: 'Allow' }).click();
  await expect(again.getByText('You are logged in. You can close this window.')).toBeVisible();

  await expect(section(ui).getByRole('status')).toHaveText('You are logged in at github.');
  await expect(button(ui, 'Log in again')).toBeFocused();
  expect(await callTool(hub)).toContain('octocat');
  const state = new URL(consent.url()).searchParams.get('state')!;
  expect(hub.log()).not.toMatch(new RegExp(`access-|refresh-|${state}`));

  await button(ui, 'Log out').click();
  const question = ui.getByRole('dialog', { name: 'Log out of “github”?' });
  await question.getByRole('button', { name: 'Log out' }).click();
  await expect(section(ui).getByRole('status')).toHaveText('The login at github is forgotten.');
  expect(await callTool(hub)).toContain('wants a login');
  await expect(section(ui)).toContainText('It needs a login.');
});

test('a login is broken off, refused by the person, and begun from the palette', async ({ issuer, ui }) => {
  await goTo(ui, '#/servers?server=github');
  const consent = await loginPage(ui, 'Log in');
  await button(ui, 'Cancel').click();
  await expect(section(ui).getByRole('status')).toHaveText('The login was broken off; nothing has changed.');
  await expect(button(ui, 'Log in')).toBeFocused();
  // Nobody listens any more for the answer.
  const missed = consent.waitForEvent('requestfailed');
  await consent.getByRole('link', { name: 'Allow' }).click();
  await missed;
  expect(issuer.tokenRequests).toEqual([]);

  await ui.bringToFront();
  await ui.keyboard.press('Control+k');
  const opened = ui.context().waitForEvent('page');
  await ui.getByRole('combobox', { name: 'Commands' }).fill('log in at github');
  await ui.keyboard.press('Enter');
  await (await opened).getByRole('link', { name: 'Deny' }).click();
  const failure = section(ui).getByRole('alert');
  await expect(failure).toContainText('access_denied: The person said no.');
  await expect(failure).toContainText('ask whoever runs the server');
  await inspect(ui, 'server-login-failed');
});

test('a page that is open on another computer is told the command', async ({ issuer, hub, page }) => {
  const proxy = await startReverseProxy(hub.port);
  try {
    // Chromium takes every name below `localhost` here; to a page it is a foreign one like any other.
    const { hash } = new URL(hub.url);
    await page.goto(`http://elsewhere.localhost:${proxy.port}/${hash}`);
    await expect(page.getByText('Hub connected')).toBeVisible();
    await goTo(page, '#/servers?server=github');
    await expect(section(page)).toContainText('this page is open on another one');
    await expect(section(page)).toContainText('patchbay servers login github');
    await expect(button(page, 'Log in')).toHaveCount(0);
    expect(issuer.registrations).toEqual([]);
  } finally {
    await proxy.close();
  }
});

/** What people put before a hub to reach it from elsewhere: says the hub's own name where the page says another. */
async function startReverseProxy(port: number): Promise<{ port: number; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const hub = connect(port, '127.0.0.1');
    for (const [one, other] of [
      [socket, hub],
      [hub, socket],
    ] as const) {
      sockets.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
    hub.pipe(socket);
    socket.on('data', (chunk) => {
      // Byte for byte, as frames of a WebSocket pass here too.
      const text = chunk.toString('latin1');
      hub.write(text.replaceAll(/elsewhere\.localhost:\d+/g, `127.0.0.1:${port}`), 'latin1');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
