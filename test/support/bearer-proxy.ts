import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface BearerProxy {
  /** Same path as the target, on a port of its own. */
  url: string;
  close(): Promise<void>;
}

/**
 * A proxy on loopback for programs that cannot be told to send a token: it adds `Authorization` and says the target's
 * own `Host` and `Origin` where the client said the proxy's. A foreign Host or Origin passes as it is, so that the
 * target's own protection is what is seen. Either side's end of a stream ends the other.
 */
export async function startBearerProxy(target: string, token: string): Promise<BearerProxy> {
  const { host, hostname, port, pathname } = new URL(target);
  const server = createServer((from, answer) => {
    const own = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const headers: Record<string, string | string[] | undefined> = {
      ...from.headers,
      authorization: `Bearer ${token}`,
    };
    if (headers.host === own) headers.host = host;
    if (headers.origin === `http://${own}`) headers.origin = `http://${host}`;
    const to = request({ hostname, port, method: from.method, path: from.url, headers }, (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      // An event stream without an event yet has to be seen as open.
      answer.flushHeaders();
      response.pipe(answer);
      response.on('error', () => answer.destroy());
    });
    to.on('error', () => {
      if (answer.headersSent) answer.destroy();
      else answer.writeHead(502).end();
    });
    answer.on('close', () => to.destroy());
    from.pipe(to);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${pathname}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
