import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PatchbayError } from '../../../../shared/model/error.ts';

const PATH = '/callback';

/** Where the browser comes back to after a login. */
export interface LoopbackRedirect {
  /** The address to register and to send along. */
  readonly url: string;
  close(): void;
}

export interface LoopbackRedirectOptions {
  /** null: any free port, under the address that RFC 8252 advises. A fixed one is for clients registered with it. */
  port: number | null;
  /** Only a request that brings this back is ours. */
  state: string;
  /** The answer of the authorization server, once. Resolves to whether the login succeeded; never rejects. */
  arrived(parameters: URLSearchParams): Promise<boolean>;
}

/**
 * Listens on this machine for one redirect. Anything else that finds the port (another page, a scanner) is turned away
 * and changes nothing: the person's own redirect is still awaited. Rejects with PORT_TAKEN.
 */
export function listenForRedirect({
  port,
  state,
  arrived,
}: LoopbackRedirectOptions): Promise<LoopbackRedirect> {
  return new Promise((resolve, reject) => {
    let isDone = false;
    const server = createServer({ requestTimeout: 10_000, maxHeaderSize: 32 * 1024 }, (request, response) => {
      const parameters = isDone ? null : parametersOf(request, (server.address() as AddressInfo).port);
      if (!parameters || !isSame(parameters.get('state') ?? '', state)) {
        return answer(response, 400, 'This is not the login that Patchbay waits for.');
      }
      isDone = true;
      void arrived(parameters).then((isLoggedIn) => {
        answer(
          response,
          isLoggedIn ? 200 : 400,
          isLoggedIn
            ? 'You are logged in. You can close this window.'
            : 'The login failed. Patchbay says why.',
        );
      });
    });
    server.once('error', () => {
      reject(
        new PatchbayError('PORT_TAKEN', `The login's redirect port ${port ?? ''} is in use.`, {
          hint: 'Close what uses it, or take callbackPort out of the definition.',
        }),
      );
    });
    server.listen(port ?? 0, '127.0.0.1', () => {
      const { port: actual } = server.address() as AddressInfo;
      resolve({
        // Clients that are registered with a fixed port are, by custom, registered with this name.
        url: port === null ? `http://127.0.0.1:${actual}${PATH}` : `http://localhost:${port}${PATH}`,
        close() {
          server.close();
          // An answer under way still gets out: it is written in one piece before anyone closes.
          server.closeIdleConnections();
          setTimeout(() => server.closeAllConnections(), 1_000).unref();
        },
      });
    });
  });
}

/** Null for what cannot be the redirect: another path or method, or a name that someone made point here (DNS). */
function parametersOf({ method, url, headers }: IncomingMessage, port: number): URLSearchParams | null {
  const isOurs = headers.host === `127.0.0.1:${port}` || headers.host === `localhost:${port}`;
  if (method !== 'GET' || !isOurs || !url?.startsWith('/')) return null;
  const target = new URL(`http://127.0.0.1${url}`);
  return target.pathname === PATH ? target.searchParams : null;
}

function isSame(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}

function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': "default-src 'none'",
    // The address holds the code.
    'Referrer-Policy': 'no-referrer',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    Connection: 'close',
  });
  response.end(`<!doctype html><title>Patchbay</title><p>${text}</p>`);
}
