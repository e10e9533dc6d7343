import http, { type ClientRequest, type OutgoingHttpHeaders } from 'node:http';
import https, { type RequestOptions } from 'node:https';
import type { Socket } from 'node:net';
import { urlToHttpOptions } from 'node:url';
import { assertAddressAllowed, guardedLookup, type AddressKind } from './address-guard.ts';
import { CONNECT_TIMEOUT } from './explain-failure.ts';
import { proxyAuthorization, TunnelAgent, type ProxyRules } from './proxy.ts';

/** For a connection with everything it takes, TLS included. */
const CONNECT_MS = 10_000;
/**
 * Idle sockets go after this long. Node and uvicorn close theirs after 5 s, the latter without saying so: a call that
 * is written just then is lost, and nobody can tell whether it was carried out.
 */
const IDLE_MS = 4_000;
/** One per call under way; what is over waits in the agent. */
const MAX_SOCKETS = 256;

export interface HttpCall {
  method: 'GET' | 'POST' | 'DELETE';
  url: URL;
  headers: OutgoingHttpHeaders;
  body: Buffer | null;
}

/** HTTP/1.1 over node:http and node:https: a third of the cost of `fetch`. Follows no redirect, adds no header. */
export interface HttpClient {
  /** Sends one request. Throws only for an address that is not allowed. */
  send(call: HttpCall): ClientRequest;
  /** Closes idle sockets and those in use. */
  close(): void;
}

/**
 * `isAllowed` says which kinds of addresses may be connected to; it is asked for each connection. Behind a proxy only
 * addresses that stand in the URL can be checked: names are the proxy's to look up.
 */
export function createHttpClient(
  isAllowed: (kind: AddressKind) => boolean,
  proxyFor: ProxyRules,
): HttpClient {
  const pool = {
    keepAlive: true,
    timeout: IDLE_MS,
    // As many as a burst of calls has opened: they go by themselves when it is over.
    maxFreeSockets: MAX_SOCKETS,
    maxSockets: MAX_SOCKETS,
  };
  const lookup = guardedLookup(isAllowed);
  const plain = new http.Agent({ ...pool, lookup });
  const secure = new https.Agent({ ...pool, lookup });
  /** The proxy is the person's own: wherever it stands, it may be connected to. */
  const toProxy = new http.Agent(pool);
  const tunnels = new Map<string, TunnelAgent>();
  /** Taking a URL apart costs more than the rest of a request's preparation. */
  const parts = new WeakMap<URL, RequestOptions>();

  const tunnelThrough = (proxy: URL): TunnelAgent => {
    let tunnel = tunnels.get(proxy.href);
    if (!tunnel) tunnels.set(proxy.href, (tunnel = new TunnelAgent(pool, proxy, CONNECT_MS)));
    return tunnel;
  };
  const partsOf = (url: URL): RequestOptions => {
    const proxy = proxyFor(url);
    if (url.protocol === 'https:') {
      return { ...urlToHttpOptions(url), agent: proxy ? tunnelThrough(proxy) : secure };
    }
    if (!proxy) return { ...urlToHttpOptions(url), agent: plain };
    const { auth } = urlToHttpOptions(url);
    const { hostname, port } = urlToHttpOptions(proxy);
    const path = `${url.origin}${url.pathname}${url.search}`;
    return { ...(auth === undefined ? {} : { auth }), hostname, port, path, agent: toProxy };
  };

  return {
    send({ method, url, headers, body }) {
      assertAddressAllowed(url, isAllowed);
      let options = parts.get(url);
      if (!options) parts.set(url, (options = partsOf(url)));
      const isProxied = options.agent === toProxy;
      const request = (url.protocol === 'https:' ? https : http).request({
        ...options,
        method,
        headers: isProxied ? { ...headers, Host: url.host, ...proxyAuthorization(proxyFor(url)!) } : headers,
      });
      request.once('socket', watchConnect);
      request.end(body ?? undefined);
      return request;
    },
    close() {
      for (const agent of [plain, secure, toProxy, ...tunnels.values()]) agent.destroy();
    },
  };
}

function watchConnect(socket: Socket): void {
  if (!socket.connecting) return;
  const timer = setTimeout(() => {
    socket.destroy(Object.assign(new Error('No connection in time.'), { code: CONNECT_TIMEOUT }));
  }, CONNECT_MS);
  const stop = (): void => clearTimeout(timer);
  socket.once('encrypted' in socket ? 'secureConnect' : 'connect', stop);
  socket.once('close', stop);
}
