import { statSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { dataFolder } from '../../../electron/hub/data-folder.ts';
import { secretsFile } from '../../../electron/hub/secrets/secrets-file.ts';
import { silentLogger } from '../../../electron/hub/log.ts';
import {
  createRemoteServers,
  type RemoteServers,
} from '../../../electron/hub/servers/remote/remote-servers.ts';
import { startProtectedServer } from './support/authorization-server.ts';
import { startOAuthBench, type OAuthBench } from './support/oauth-bench.ts';

let bench: OAuthBench;
beforeEach(async () => {
  bench = await startOAuthBench();
});
afterEach(async () => {
  vi.useRealTimers();
  const log = bench.log();
  await bench.dispose();
  // Whatever happened, no token was logged.
  expect(log).not.toMatch(/access-|refresh-/);
});

describe('a server that wants a login', () => {
  it('B29 says so once and is not asked again', async () => {
    const client = await bench.open();
    expect(await client.call(1, 'ping')).toBe(
      'The server github wants a login: patchbay servers login github',
    );
    expect(await client.call(2, 'ping')).toMatch(/wants a login/);
    await expect(bench.open()).rejects.toMatchObject({ code: 'LOGIN_NEEDED' });
    expect(bench.upstream.received.filter(({ path }) => path === '/mcp')).toHaveLength(1);
    expect(bench.servers.view('github')).toMatchObject({
      loginNeeded: expect.stringContaining('login') as string,
      login: 'needed',
    });
    // It may have been a fault of the server: after a minute one more call finds out.
    bench.now += 60_000;
    expect(bench.servers.view('github')).toMatchObject({ loginNeeded: null, login: 'needed' });
    expect(await client.call(3, 'ping')).toMatch(/wants a login/);
    expect(bench.upstream.received.filter(({ path }) => path === '/mcp')).toHaveLength(2);
  });

  it('is used as soon as the person has logged in, by connections that were there before too', async () => {
    const client = await bench.open();
    await client.call(1, 'ping');
    await bench.logIn();
    expect(await client.call(2, 'ping')).toEqual({ scope: 'read offline_access' });
    expect(bench.servers.view('github')).toMatchObject({ loginNeeded: null, login: 'logged-in' });
  });

  it('keeps the login for the next hub, for its owner only', async () => {
    await bench.logIn();
    await bench.restartHub();
    const client = await bench.open();
    expect(await client.call(1, 'ping')).toEqual({ scope: 'read offline_access' });
    if (process.platform !== 'win32') {
      expect(statSync(secretsFile(dataFolder(bench.home.dataDir))).mode & 0o777).toBe(0o600);
    }
    expect(await bench.secrets.list()).toEqual([]);
  });

  it('is sent no token that was given for another URL of the same name', async () => {
    await bench.logIn();
    const other = await startProtectedServer(bench.issuer);
    try {
      const client = await bench.open({ url: other.url.href });
      expect(await client.call(1, 'ping')).toMatch(/wants a login/);
      expect(other.received.every(({ headers }) => headers.authorization === undefined)).toBe(true);
    } finally {
      await other.close();
    }
  });

  it('is forgotten with the login', async () => {
    await bench.logIn();
    const client = await bench.open();
    await bench.servers.logout('github');
    expect(await client.call(1, 'ping')).toMatch(/wants a login/);
    expect(await bench.secrets.credentials.keys()).toEqual([]);
  });

  it('gets no login beside an Authorization header of the person', async () => {
    const definition = bench.definition({ headers: { authorization: 'Bearer wrong' } });
    const client = await bench.open(definition);
    expect(await client.call(1, 'ping')).toMatch(/does not accept the Authorization header/);
    expect(bench.upstream.received[0]!.headers.authorization).toBe('Bearer wrong');
    await expect(
      bench.servers.login(
        'github',
        { url: definition.url!, type: undefined, headers: definition.headers! },
        definition,
      ),
    ).rejects.toMatchObject({ code: 'NOT_SUPPORTED' });
  });
});

describe('a token that has run out', () => {
  it('B29 is renewed once, however many calls find out, and each is sent again once', async () => {
    await bench.logIn();
    const client = await bench.open();
    await client.call(1, 'ping');
    bench.issuer.good.clear();
    const before = bench.upstream.received.length;
    const results = await Promise.all([2, 3, 4, 5, 6].map((id) => client.call(id, 'ping')));
    expect(results).toEqual(Array.from({ length: 5 }, () => ({ scope: 'read offline_access' })));
    const refreshes = bench.issuer.tokenRequests.filter((form) => form.get('grant_type') === 'refresh_token');
    expect(refreshes).toHaveLength(1);
    expect(refreshes[0]!.get('resource')).toBe(bench.upstream.url.href);
    expect(bench.upstream.received.length - before).toBeLessThanOrEqual(10);

    // The refresh token has changed with it, and the new one is kept.
    await bench.restartHub();
    bench.issuer.good.clear();
    expect(await (await bench.open()).call(7, 'ping')).toEqual({ scope: 'read offline_access' });
  });

  it('B29 is not renewed again for a call that finds out late', async () => {
    await bench.logIn();
    const client = await bench.open();
    const before = [...bench.issuer.good.keys()];
    bench.issuer.good.clear();
    const answer = bench.upstream.server.listeners('request')[0] as (...parts: unknown[]) => void;
    const held: (() => void)[] = [];
    bench.upstream.server.removeAllListeners('request');
    bench.upstream.server.on('request', (request, response) => {
      const isOld = before.some((token) => request.headers.authorization === `Bearer ${token}`);
      if (isOld) held.push(() => answer(request, response));
      else answer(request, response);
      if (held.length === 2) held[0]!();
    });
    const [first, second] = [client.call(1, 'ping'), client.call(2, 'ping')];
    // One of the two is told of the old token's end, and renews it, before the other.
    await Promise.race([first, second]);
    held[1]!();
    expect(await Promise.all([first, second])).toHaveLength(2);
    expect(await second).toEqual({ scope: 'read offline_access' });
    expect(
      bench.issuer.tokenRequests.filter((form) => form.get('grant_type') === 'refresh_token'),
    ).toHaveLength(1);
  });

  it('B29 that cannot be renewed leads to the person, without a second try', async () => {
    await bench.logIn();
    const client = await bench.open();
    bench.issuer.good.clear();
    bench.issuer.rules.refreshes = false;
    expect(await client.call(1, 'ping')).toMatch(/wants a login: patchbay servers login github/);
    expect(await client.call(2, 'ping')).toMatch(/wants a login/);
    expect(
      bench.issuer.tokenRequests.filter((form) => form.get('grant_type') === 'refresh_token'),
    ).toHaveLength(1);
    // Nothing was registered and nothing begun behind the person's back.
    expect(bench.issuer.registrations).toHaveLength(1);
  });

  it('B29 is not thrown away because the authorization server is down', async () => {
    await bench.logIn();
    const client = await bench.open();
    const { host } = new URL(bench.issuer.origin);
    bench.issuer.good.clear();
    const sockets = [...bench.issuer.sockets];
    bench.issuer.server.removeAllListeners('request');
    bench.issuer.server.on('request', (_request, response) => response.writeHead(500).end());
    for (const socket of sockets) socket.destroy();
    expect(await client.call(1, 'ping')).toContain(`the authorization server ${host} does not work`);
    const stored = JSON.stringify(
      await bench.secrets.credentials.load((await bench.secrets.credentials.keys())[0]!),
    );
    expect(stored).toContain('refresh-');
  });

  it('B29 is not the matter where the server refuses the new one as well', async () => {
    await bench.logIn();
    const client = await bench.open();
    bench.upstream.server.removeAllListeners('request');
    let asked = 0;
    bench.upstream.server.on('request', (request, response) => {
      asked += 1;
      request.resume();
      response.writeHead(401).end();
    });
    expect(await client.call(1, 'ping')).toMatch(/wants a login/);
    expect(asked).toBe(2);
  });
});

describe('a call that needs more rights', () => {
  it('says so, and the next login asks for them on top of what there is', async () => {
    await bench.logIn();
    const client = await bench.open();
    expect(await client.call(1, 'tools/call')).toBe(
      'The server github wants more rights than its login gives: patchbay servers login github',
    );
    expect(await client.call(2, 'ping')).toEqual({ scope: 'read offline_access' });
    await bench.logIn();
    expect(bench.issuer.authorizations.at(-1)!.get('scope')!.split(' ').toSorted()).toEqual([
      'offline_access',
      'read',
      'write',
    ]);
    expect(await client.call(3, 'tools/call')).toMatchObject({
      scope: expect.stringContaining('write') as string,
    });
  });
});

describe('a login in another process, as the command line makes it', () => {
  const elsewhere = async (act: (servers: RemoteServers) => Promise<void>): Promise<void> => {
    const servers = createRemoteServers({
      secrets: bench.secrets,
      version: '1',
      now: () => bench.now,
      logger: silentLogger,
    });
    try {
      await act(servers);
    } finally {
      await servers.close();
    }
  };
  const logInElsewhere = (): Promise<void> =>
    elsewhere(async (servers) => {
      const definition = bench.definition();
      const login = await servers.login(
        'github',
        { url: definition.url!, type: undefined, headers: {} },
        definition,
      );
      await fetch(login.authorizationUrl);
      await login.finished;
    });

  it('counts once the hub is told to look again', async () => {
    const client = await bench.open();
    await client.call(1, 'ping');
    await logInElsewhere();
    bench.servers.forgive('github');
    const next = await bench.open();
    expect(await next.call(2, 'ping')).toEqual({ scope: 'read offline_access' });

    await elsewhere((servers) => servers.logout('github'));
    bench.servers.forgive('github');
    expect(await (await bench.open()).call(3, 'ping')).toMatch(/wants a login/);
  });

  it('is found where the hub’s own has run out, without being told', async () => {
    await bench.logIn();
    const client = await bench.open();
    bench.issuer.good.clear();
    await logInElsewhere();
    expect(await client.call(1, 'ping')).toEqual({ scope: 'read offline_access' });
    expect(bench.issuer.tokenRequests.some((form) => form.get('grant_type') === 'refresh_token')).toBe(false);
  });

  it('asks for the rights that the hub was refused for want of', async () => {
    await bench.logIn();
    const client = await bench.open();
    expect(await client.call(1, 'tools/call')).toMatch(/wants more rights/);
    await vi.waitFor(
      async () => {
        const keys = await bench.secrets.credentials.keys();
        expect(JSON.stringify(await bench.secrets.credentials.load(keys[0]!))).toContain('insufficient');
      },
      { timeout: 10_000 },
    );
    await logInElsewhere();
    expect(bench.issuer.authorizations.at(-1)!.get('scope')).toContain('write');
    bench.servers.forgive('github');
    expect(await (await bench.open()).call(2, 'tools/call')).toMatchObject({
      scope: expect.stringContaining('write') as string,
    });
  });
});
