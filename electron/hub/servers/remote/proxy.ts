import http from 'node:http';
import https, { type RequestOptions } from 'node:https';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import { isLoopbackHost } from '../../../../shared/model/login-address.ts';
import { CONNECT_TIMEOUT, PROXY_REFUSED } from './explain-failure.ts';

/** Which proxy leads to a URL; null for none. */
export type ProxyRules = (url: URL) => URL | null;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxies that the environment names, as clients read it: `https_proxy`, `http_proxy` and `no_proxy`, in small
 * letters first. Proxies of another kind than HTTP (SOCKS) are passed over, as Node itself does. This machine is never
 * reached through a proxy.
 */
export function proxyRules(env: Environment): ProxyRules {
  const proxies = { 'http:': proxyOf(env, 'http_proxy'), 'https:': proxyOf(env, 'https_proxy') };
  const exceptions = read(env, 'no_proxy')
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .map((entry) => entry.toLowerCase());
  return (url) => {
    const proxy = url.protocol === 'https:' || url.protocol === 'http:' ? proxies[url.protocol] : null;
    return proxy && !isLocal(url.hostname) && !exceptions.some((entry) => isExcepted(url, entry))
      ? proxy
      : null;
  };
}

const read = (env: Environment, name: string): string => env[name] || env[name.toUpperCase()] || '';

function proxyOf(env: Environment, name: string): URL | null {
  const text = read(env, name).trim();
  const withScheme = text.includes('://') ? text : `http://${text}`;
  if (text === '' || !URL.canParse(withScheme)) return null;
  const url = new URL(withScheme);
  return url.protocol === 'http:' || url.protocol === 'https:' ? url : null;
}

const isLocal = (host: string): boolean => isLoopbackHost(host) || host.endsWith('.localhost');

/** `*`, `host`, `.domain`, `*.domain`, each with `:port` or not; a host's name stands for all below it. */
function isExcepted({ hostname, port, protocol }: URL, entry: string): boolean {
  if (entry === '*') return true;
  const [, name, onlyPort] = /^(.*?)(?::(\d+))?$/.exec(entry.replace(/^\*?\./, ''))!;
  if (onlyPort !== undefined && onlyPort !== (port || (protocol === 'https:' ? '443' : '80'))) return false;
  return hostname === name || (isIP(hostname) === 0 && hostname.endsWith(`.${name}`));
}

/** Value of `Proxy-Authorization` where the proxy's URL names a user. */
export const proxyAuthorization = ({ username, password }: URL): Record<string, string> =>
  username === ''
    ? {}
    : {
        'Proxy-Authorization': `Basic ${Buffer.from(
          `${decodeURIComponent(username)}:${decodeURIComponent(password)}`,
        ).toString('base64')}`,
      };

/** An agent whose TLS connections go through a tunnel (CONNECT): the proxy sees names and sizes, no more. */
export class TunnelAgent extends https.Agent {
  readonly #proxy: URL;
  readonly #connectMs: number;

  constructor(options: https.AgentOptions, proxy: URL, connectMs: number) {
    super(options);
    this.#proxy = proxy;
    this.#connectMs = connectMs;
  }

  override createConnection(
    options: RequestOptions,
    done?: (error: Error | null, socket: Duplex) => void,
  ): Duplex | null | undefined {
    const target = `${options.host}:${options.port}`;
    // Node's type says that there always is a socket; with an error there is none.
    const fail = (error: Error): void => done?.(error, undefined as unknown as Duplex);
    const request = (this.#proxy.protocol === 'https:' ? https : http).request({
      hostname: this.#proxy.hostname.replace(/^\[|\]$/g, ''),
      port: this.#proxy.port,
      method: 'CONNECT',
      path: target,
      headers: { Host: target, ...proxyAuthorization(this.#proxy) },
      agent: false,
    });
    const timer = setTimeout(() => {
      request.destroy(Object.assign(new Error('No tunnel in time.'), { code: CONNECT_TIMEOUT }));
    }, this.#connectMs);
    const end = (error: Error): void => {
      clearTimeout(timer);
      fail(error);
    };
    request.once('error', end);
    request.once('response', (response) => {
      response.destroy();
      end(Object.assign(new Error('No tunnel.'), { code: PROXY_REFUSED }));
    });
    request.once('connect', (response, socket) => {
      request.off('error', end);
      if (response.statusCode !== 200) {
        socket.destroy();
        return end(Object.assign(new Error('No tunnel.'), { code: PROXY_REFUSED }));
      }
      const secure = tls.connect({ ...(options as tls.ConnectionOptions), socket });
      secure.once('error', end);
      secure.once('secureConnect', () => {
        clearTimeout(timer);
        secure.off('error', end);
        done?.(null, secure);
      });
    });
    request.end();
    return undefined;
  }
}
