import { Agent as SecureAgent, createServer as createSecureServer } from 'node:https';
import { connect as connectSocket } from 'node:net';
import tls from 'node:tls';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { proxyRules } from '../../../electron/hub/servers/remote/proxy.ts';
import { makeCertificate } from './support/certificate.ts';
import { connectTo, type TestConnection } from './support/recorded-connection.ts';
import { json, result, serveScript, type ScriptedServer } from './support/scripted-server.ts';

const open: { close?(): Promise<void>; dispose?(): Promise<void> }[] = [];
afterEach(async () => {
  vi.restoreAllMocks();
  for (const one of open.splice(0)) await (one.dispose ?? one.close)?.();
});
const track = <T extends ScriptedServer | TestConnection>(one: T): T => {
  open.unshift(one);
  return one;
};

describe('the proxies of the environment (D17)', () => {
  const env = {
    https_proxy: 'http://user:p%40ss@proxy.corp:3128',
    HTTP_PROXY: 'proxy.corp:8080',
    NO_PROXY: 'intern.corp, .svc.corp,*.lan 10.1.2.3,only.corp:8443',
  };
  it.each([
    ['https://mcp.example/mcp', 'proxy.corp:3128'],
    ['http://mcp.example/mcp', 'proxy.corp:8080'],
    ['https://intern.corp/', null],
    ['https://a.intern.corp/', null],
    ['https://notintern.corp/', 'proxy.corp:3128'],
    ['https://x.svc.corp/', null],
    ['https://box.lan/', null],
    ['https://10.1.2.3/', null],
    ['https://only.corp:8443/', null],
    ['https://only.corp/', 'proxy.corp:3128'],
    ['http://localhost:3000/mcp', null],
    ['http://127.0.0.1:3000/mcp', null],
    ['http://[::1]:3000/mcp', null],
  ])('%s goes through %s', (url, proxy) => {
    expect(proxyRules(env)(new URL(url))?.host ?? null).toBe(proxy);
  });

  it('are none where it names none, or one of another kind, or all hosts as exceptions', () => {
    const url = new URL('https://mcp.example/');
    for (const one of [{}, { https_proxy: 'socks5://p:1' }, { https_proxy: 'http://p:1', no_proxy: '*' }]) {
      expect(proxyRules(one)(url)).toBeNull();
    }
  });
});

describe('a proxy', () => {
  it('is asked for a tunnel to a server with TLS, once for many calls, and sees nothing of them', async () => {
    const certificate = makeCertificate({ host: '127.0.0.1', expires: 1 });
    const server = track(
      await serveScript(
        ({ message }, response) => json(response, result(message.id)),
        createSecureServer(certificate),
      ),
    );
    const proxy = track(await serveScript((_, response) => response.writeHead(400).end()));
    const tunnels: string[] = [];
    proxy.server.on('connect', (request, socket, head) => {
      tunnels.push(`${request.url} ${request.headers['proxy-authorization']}`);
      // The name is the proxy's to look up: only it knows this one.
      const target = connectSocket(Number(server.url.port), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        target.write(head);
        socket.pipe(target).pipe(socket);
      });
      target.on('error', () => socket.destroy());
      socket.on('error', () => target.destroy());
    });
    const connectTls = tls.connect;
    // Trusted, as NODE_EXTRA_CA_CERTS does it, under the name it was asked for.
    vi.spyOn(tls, 'connect').mockImplementation(((options: tls.ConnectionOptions) =>
      connectTls({
        ...options,
        ca: certificate.cert,
        checkServerIdentity: () => undefined,
      })) as typeof tls.connect);
    const direct = vi.spyOn(SecureAgent.prototype, 'createConnection');

    const client = track(
      await connectTo({
        url: 'https://only-the-proxy-knows.example/mcp',
        env: { https_proxy: `http://us%40er:pass@127.0.0.1:${proxy.url.port}` },
        headers: { 'X-Key': 'k' },
      }),
    );
    for (const id of [1, 2]) {
      client.request(id, 'ping');
      await client.answer(id);
    }
    const authorization = `Basic ${Buffer.from('us@er:pass').toString('base64')}`;
    expect(tunnels).toEqual([`only-the-proxy-knows.example:443 ${authorization}`]);
    expect(server.received.map(({ headers }) => headers['proxy-authorization'])).toEqual([
      undefined,
      undefined,
    ]);
    expect(direct).not.toHaveBeenCalled();
  });

  it('passes on what is sent without TLS', async () => {
    const proxy = track(await serveScript(({ message }, response) => json(response, result(message.id))));
    const client = track(
      await connectTo({ url: 'http://mcp.example:81/mcp?x=1', env: { http_proxy: proxy.origin } }),
    );
    client.request(1, 'ping');
    await client.answer(1);
    expect(proxy.received).toMatchObject([
      { path: 'http://mcp.example:81/mcp?x=1', headers: { host: 'mcp.example:81' } },
    ]);
  });

  it.each([
    [
      'answers that it will not',
      (url: string) => url,
      /through the proxy that https_proxy names: it refuses/,
    ],
    ['is not there', () => 'http://127.0.0.1:9', /refuses connections/],
  ])('D17 that %s fails the call', async (_, proxyOf, expected) => {
    const proxy = track(await serveScript(() => {}));
    proxy.server.on('connect', (_request, socket) =>
      socket.end('HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n'),
    );
    const client = track(
      await connectTo({ url: 'https://mcp.example/mcp', env: { https_proxy: proxyOf(proxy.origin) } }),
    );
    client.request(1, 'ping');
    expect((await client.failure(1)).message).toMatch(expected);
  });
});
