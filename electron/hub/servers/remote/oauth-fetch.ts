import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { addressKind, type AddressKind } from './address-guard.ts';
import { explainNetworkError, HEADER_TIMEOUT } from './explain-failure.ts';
import { createHttpClient } from './http-client.ts';
import type { ProxyRules } from './proxy.ts';
import { readStart } from './read-answer.ts';
import type { RemoteEndpoint } from './remote-target.ts';

/** For one request of a login, body included. */
const REQUEST_MS = 10_000;
/** Metadata and tokens are a few kilobytes. */
const MAX_BODY_BYTES = 1024 * 1024;

/** A `fetch` for the SDK's login helpers. */
export interface OAuthFetch {
  fetch(url: string | URL, init?: RequestInit): Promise<Response>;
  close(): void;
}

/**
 * The addresses that are asked during a login come from the server, not from the person. So it must not lead us to
 * machines that only we can reach: a public server to public ones only, one in a private network to that and public
 * ones, one on this machine anywhere but to `special` addresses (E21). Redirects are not followed: the SDK follows
 * those within the origin. Failures are TypeErrors, by which the SDK tells "cannot be reached" from "not there".
 */
export async function createOAuthFetch(
  { url: serverUrl, oauth }: RemoteEndpoint,
  proxyFor: ProxyRules,
): Promise<OAuthFetch> {
  const reach = oauth.privateNetwork ? 'loopback' : await kindOf(serverUrl);
  const client = createHttpClient((kind) => isWithinReach(kind, reach), proxyFor);
  return {
    close: client.close,
    fetch: (input, init = {}) =>
      new Promise<Response>((resolve, reject) => {
        const url = new URL(input);
        const fail = (error: unknown): void => {
          clearTimeout(timer);
          reject(new TypeError(explainNetworkError(error, url.host)));
        };
        const timer = setTimeout(() => {
          request?.destroy(Object.assign(new Error('No answer in time.'), { code: HEADER_TIMEOUT }));
        }, REQUEST_MS);
        if (url.protocol !== 'https:' && !(url.protocol === 'http:' && serverUrl.protocol === 'http:')) {
          clearTimeout(timer);
          return reject(
            new TypeError(`${url.host} is asked for by ${url.protocol}, which is not safe for a login.`),
          );
        }
        let request: ReturnType<typeof client.send> | null = null;
        try {
          request = client.send({
            method: init.method === 'POST' ? 'POST' : 'GET',
            url,
            headers: Object.fromEntries(new Headers(init.headers)),
            body: init.body === undefined || init.body === null ? null : Buffer.from(bodyText(init.body)),
          });
        } catch (error) {
          return fail(error);
        }
        request.on('error', fail);
        request.once('response', (response) => {
          response.on('error', fail);
          readStart(response, MAX_BODY_BYTES, (body) => {
            clearTimeout(timer);
            const status = response.statusCode ?? 500;
            const isEmpty = status === 204 || status === 205 || status === 304;
            resolve(
              new Response(isEmpty ? null : new Uint8Array(body), {
                status,
                headers: headersOf(response.headers),
              }),
            );
          });
        });
      }),
  };
}

function bodyText(body: NonNullable<RequestInit['body']>): string {
  if (typeof body === 'string') return body;
  if (body instanceof URLSearchParams) return body.toString();
  throw new TypeError('A login sends forms and JSON only.');
}

function headersOf(headers: NodeJS.Dict<string | string[]>): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).flatMap((one): [string, string][] =>
      one === undefined ? [] : [[name, one]],
    ),
  );
}

const isWithinReach = (kind: AddressKind, reach: AddressKind): boolean =>
  kind === 'public' ||
  (kind === 'private' && (reach === 'private' || reach === 'loopback')) ||
  (kind === 'loopback' && reach === 'loopback');

/** The most private address that the server's own name leads to. */
async function kindOf(url: URL): Promise<AddressKind> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host)) return addressKind(host);
  try {
    const kinds = (await lookup(host, { all: true })).map(({ address }) => addressKind(address));
    return kinds.find((kind) => kind === 'loopback') ?? kinds.find((kind) => kind === 'private') ?? 'public';
  } catch {
    // The request that follows says so in its own words.
    return 'public';
  }
}
