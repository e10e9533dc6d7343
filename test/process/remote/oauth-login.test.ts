import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startAuthorizationServer, startProtectedServer } from './support/authorization-server.ts';
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

describe('the login', () => {
  it('asks as OAuth 2.1 wants it', async () => {
    expect(await bench.logIn()).toContain('You are logged in');
    expect(bench.issuer.registrations).toEqual([
      expect.objectContaining({
        client_name: 'Patchbay',
        application_type: 'native',
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token'],
        redirect_uris: [expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/callback$/)],
      }),
    ]);
    const asked = Object.fromEntries(bench.issuer.authorizations[0]!);
    expect(asked).toMatchObject({
      code_challenge_method: 'S256',
      resource: bench.upstream.url.href,
      response_type: 'code',
    });
    expect(asked.state).toHaveLength(43);
    expect(bench.issuer.tokenRequests[0]!.get('resource')).toBe(bench.upstream.url.href);
  });

  it('names the resource also where the server publishes no metadata', async () => {
    await bench.upstream.close();
    // Then the server's own origin is the authorization server, as revision 2025-03-26 has it.
    bench.upstream = bench.issuer;
    await bench.logIn({ url: `${bench.issuer.origin}/mcp` });
    expect(bench.issuer.authorizations[0]!.get('resource')).toBe(`${bench.issuer.origin}/mcp`);
    bench.upstream = await startProtectedServer(bench.issuer);
  });

  it.each([
    ['of another issuer', () => 'https://evil.example'],
    ['without its issuer, which it said it sends', () => null],
  ])('does not redeem a code %s (RFC 9207)', async (_, iss) => {
    bench.issuer.rules.iss = iss();
    const login = await bench.beginLogin();
    const page = await fetch(login.authorizationUrl);
    expect(page.status).toBe(400);
    await expect(login.finished).rejects.toMatchObject({ code: 'LOGIN_NEEDED' });
    expect(bench.issuer.tokenRequests).toEqual([]);
  });

  it('goes on waiting when someone else finds its port', async () => {
    const login = await bench.beginLogin();
    const redirect = new URL(new URL(login.authorizationUrl).searchParams.get('redirect_uri')!);
    for (const path of [
      '/callback?code=x&state=wrong',
      '/callback?code=x',
      '/',
      '/callback?error=access_denied',
    ]) {
      expect((await fetch(new URL(path, redirect))).status).toBe(400);
    }
    expect((await fetch(login.authorizationUrl)).status).toBe(200);
    await login.finished;
  });

  it('tells when the person said no, in plain text', async () => {
    bench.issuer.rules.denies = true;
    const login = await bench.beginLogin();
    await fetch(login.authorizationUrl);
    await expect(login.finished).rejects.toMatchObject({
      code: 'LOGIN_NEEDED',
      message: 'The login at the server github failed: access_denied: The person said no. ',
    });
  });

  it('ends after five minutes, and its port with it', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const login = await bench.beginLogin();
    await vi.advanceTimersByTimeAsync(5 * 60_000);
    await expect(login.finished).rejects.toMatchObject({
      message: expect.stringContaining('5 minutes') as string,
    });
    vi.useRealTimers();
    const redirect = new URL(login.authorizationUrl).searchParams.get('redirect_uri')!;
    await expect(fetch(redirect)).rejects.toThrow();
  });

  it('gives way to the next one', async () => {
    const first = await bench.beginLogin();
    const second = await bench.beginLogin();
    await expect(first.finished).rejects.toMatchObject({
      message: expect.stringContaining('broken off') as string,
    });
    await fetch(second.authorizationUrl);
    await second.finished;
  });

  it('broken off takes nothing from the login before it', async () => {
    await bench.logIn();
    const client = await bench.open();
    (await bench.beginLogin()).cancel();
    bench.issuer.good.clear();
    expect(await client.call(1, 'ping')).toEqual({ scope: 'read offline_access' });
  });

  it('uses a client that is registered already, at one issuer only', async () => {
    await bench.secrets.set('GITHUB_CLIENT', 'client-secret-1');
    const definition = bench.definition({
      oauth: { clientId: 'known', clientSecret: '${secret:GITHUB_CLIENT}', scope: 'read' },
    });
    await bench.logIn(definition);
    expect(bench.issuer.registrations).toEqual([]);
    expect(bench.issuer.authorizations[0]!.get('client_id')).toBe('known');
    const other = await startAuthorizationServer();
    try {
      // The server turns to another authorization server, which would love to see the secret.
      const turned = await startProtectedServer(other);
      bench.upstream.server.removeAllListeners('request');
      bench.upstream.server.on('request', (_request, response) => {
        response.writeHead(200, { 'Content-Type': 'application/json' });
        response.end(
          JSON.stringify({ resource: bench.upstream.url.href, authorization_servers: [other.origin] }),
        );
      });
      await expect(bench.beginLogin(definition)).rejects.toMatchObject({ code: 'NOT_SUPPORTED' });
      expect(other.received.filter(({ path }) => path !== '/.well-known/oauth-authorization-server')).toEqual(
        [],
      );
      await turned.close();
    } finally {
      await other.close();
    }
  });

  it('is refused where the metadata names another issuer than it was found at', async () => {
    bench.issuer.rules.metadata = { issuer: 'https://evil.example' };
    await expect(bench.beginLogin()).rejects.toMatchObject({ code: 'NOT_SUPPORTED' });
    expect(bench.issuer.registrations).toEqual([]);
  });

  it.each([
    'javascript:alert(1)',
    'file:///etc/passwd',
    'http://auth.example/authorize',
    'https://good.example@evil.example/',
  ])('sends nobody to %s', async (address) => {
    bench.issuer.rules.metadata = { authorization_endpoint: address };
    await expect(bench.beginLogin()).rejects.toMatchObject({ name: 'PatchbayError' });
  });

  it('takes no token that it could not use', async () => {
    bench.issuer.rules.tokenType = 'DPoP';
    const login = await bench.beginLogin();
    await fetch(login.authorizationUrl);
    await expect(login.finished).rejects.toMatchObject({ code: 'SERVER_FAILED' });
    expect(await bench.secrets.credentials.keys()).toEqual([]);
  });
});
