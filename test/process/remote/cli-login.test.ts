import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { connectHub } from '../../../electron/hub/api/connect-hub.ts';
import type { HubLink } from '../../../electron/hub/api/hub-link.ts';
import type { LoginState } from '../../../shared/model/server.ts';
import { cliScript, runJson } from '../../support/cli.ts';
import { startHub, type RunningHub } from '../../support/hub.ts';
import { temporaryHome, type TemporaryHome } from '../../support/temporary-home.ts';
import {
  startAuthorizationServer,
  startGithubFor,
  type FakeAuthorizationServer,
} from './support/authorization-server.ts';
import type { ScriptedServer } from './support/scripted-server.ts';

let home: TemporaryHome;
let issuer: FakeAuthorizationServer;
let upstream: ScriptedServer;
let hub: RunningHub | null;

beforeEach(async () => {
  home = temporaryHome();
  issuer = await startAuthorizationServer();
  upstream = await startGithubFor(home, issuer);
  hub = null;
});
afterEach(async () => {
  await hub?.stop();
  await upstream.close();
  await issuer.close();
  home.dispose();
});

/** `servers login github`, with a person who opens the address that it prints and agrees. */
async function logIn(): Promise<unknown> {
  const child = spawn(process.execPath, [cliScript, 'servers', 'login', 'github', '--json'], {
    cwd: home.project,
    env: home.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close') as Promise<[number]>;
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  let said = '';
  const address = new Promise<string>((resolve) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const found = /^(http:\/\/\S+)\n/m.exec(said)?.[1];
      if (found) resolve(found);
    });
  });
  const early = ended.then(() => Promise.reject(new Error(`It ended without an address: ${said}`)));
  const page = await fetch(await Promise.race([address, early]));
  expect(await page.text()).toContain('You are logged in');
  early.catch(() => {});
  expect((await ended)[0]).toBe(0);
  return JSON.parse(stdout);
}

it('logs in with no hub, and a hub of later knows it', async () => {
  expect(await logIn()).toEqual({ name: 'github', loggedIn: true });
  hub = await startHub(home);
  expect(await askTools(hub)).toContain('whoami');
});

it('a hub that runs shows at once what the command line has done', async () => {
  hub = await startHub(home);
  const connection = (await connectHub(hub.socket))!;
  try {
    expect(await askTools(hub)).toContain('wants a login');
    expect(await loginOf(connection)).toBe('needed');
    await logIn();
    await expect.poll(() => loginOf(connection)).toBe('logged-in');
    expect(await runJson(home, ['servers', 'logout', 'github'])).toEqual({ name: 'github', loggedIn: false });
    await expect.poll(() => loginOf(connection)).toBe('needed');
  } finally {
    connection.close();
  }
});

const loginOf = async ({ api }: HubLink): Promise<LoginState | null | undefined> =>
  (await api.servers.list()).find(({ name }) => name === 'github')?.login;

/** Makes the hub speak to the server; what came of it, as text. */
async function askTools({ port, token }: RunningHub): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/api/servers/github/tools`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: '{}',
  });
  return response.text();
}
