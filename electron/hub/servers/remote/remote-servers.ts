import { randomBytes } from 'node:crypto';
import { PatchbayError } from '../../../../shared/model/error.ts';
import type { LoginState, ServerDefinition } from '../../../../shared/model/server.ts';
import type { Logger } from '../../log.ts';
import type { SecretStore } from '../../secrets/secret-store.ts';
import type { RemoteTarget } from '../fill-in-definition.ts';
import type { ConnectionEvents, OpenedServer, ServerConnection } from '../server-connection.ts';
import type { RemoteOpener, RemoteRequest } from '../server-opener.ts';
import { createHttpClient, type HttpClient } from './http-client.ts';
import type { Authorizer, Link } from './link.ts';
import { createOAuthAuthorizer, type OAuthAuthorizer } from './oauth-authorizer.ts';
import { beginLogin, type PendingLogin } from './oauth-login.ts';
import { isLoginOf, saveLogin } from './oauth-record.ts';
import { openRemote } from './remote-connection.ts';
import { proxyRules } from './proxy.ts';
import { parseRemoteTarget, type RemoteEndpoint } from './remote-target.ts';
import { createSuspension, type Suspension } from './suspension.ts';

export interface RemoteServersOptions {
  secrets: SecretStore;
  logger: Logger;
  /** Told to authorization servers at registration. */
  version: string;
  /** Where `https_proxy`, `http_proxy` and `no_proxy` are read, once; absent: no proxy is used. */
  env?: Readonly<Record<string, string | undefined>>;
  /** A view of a server is no longer what it was; absent: nobody looks. */
  changed?(): void;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** A remote server as people see it. */
export interface RemoteView {
  /** Live connections. */
  connections: RemoteInstance[];
  /** Time until which nothing is sent to it; 0 when it is not suspended. */
  suspendedUntil: number;
  /** What its last failure was; null when its last exchange went well. */
  lastFailure: string | null;
  /** What a person has to do before it can be used; null when nothing. */
  loginNeeded: string | null;
  login: LoginState;
}

export interface RemoteInstance {
  id: string;
  startedAt: number;
  sessionId: string;
  client: string;
}

/** The servers that have a URL: connections, their health and their logins. */
export interface RemoteServers extends RemoteOpener {
  /**
   * Rejects with CATALOG_INVALID, SERVER_SUSPENDED, LOGIN_NEEDED or SERVER_CANNOT_START. Streamable HTTP servers are
   * not spoken to yet when it resolves.
   */
  open(request: RemoteRequest, events: ConnectionEvents): Promise<OpenedServer>;
  /** All zero and null for a server that nobody has used yet. */
  view(server: string): RemoteView;
  /** Ends all connections of a server; sessions come back by themselves. */
  stopServer(server: string): Promise<void>;
  /**
   * Tries a suspended server again at once, and one that wants a login; a login that another process has stored or
   * forgotten counts from the next connection on.
   */
  forgive(server: string): void;
  /**
   * Begins a login at the server's authorization server. The person opens `authorizationUrl` in a browser of this
   * machine. Rejects with NOT_SUPPORTED when the server asks for none. A login of this server that is under way ends.
   */
  login(server: string, target: RemoteTarget, definition: ServerDefinition): Promise<PendingLogin>;
  /** Forgets the login of a server, also for definitions of it that had another URL. */
  logout(server: string): Promise<void>;
  close(): Promise<void>;
}

/** One server with one URL; a definition that is pointed elsewhere starts anew. */
interface Known {
  endpoint: RemoteEndpoint;
  suspension: Suspension;
  oauth: OAuthAuthorizer;
  connections: Map<ServerConnection, RemoteInstance>;
}

export function createRemoteServers(options: RemoteServersOptions): RemoteServers {
  const { secrets, logger, now, changed = () => {} } = options;
  const proxyFor = proxyRules(options.env ?? {});
  // A person's own server may stand anywhere but where clouds keep the credentials of their machines (E21).
  const client: HttpClient = createHttpClient((kind) => kind !== 'special', proxyFor);
  const known = new Map<string, Known>();
  const logins = new Map<string, PendingLogin>();

  const know = (endpoint: RemoteEndpoint): Known => {
    const before = known.get(endpoint.server);
    if (before && before.endpoint.url.href === endpoint.url.href) {
      before.endpoint = endpoint;
      return before;
    }
    const entry: Known = {
      endpoint,
      suspension: createSuspension(now, (reason) => {
        logger.log('warn', 'remote.suspended', { server: endpoint.server, reason });
        changed();
      }),
      oauth: createOAuthAuthorizer({
        endpoint,
        credentials: secrets.credentials,
        proxyFor,
        logger,
        changed,
        now,
      }),
      connections: before?.connections ?? new Map<ServerConnection, RemoteInstance>(),
    };
    known.set(endpoint.server, entry);
    return entry;
  };

  const linkTo = (entry: Known, endpoint: RemoteEndpoint): Link => ({
    server: endpoint.server,
    url: endpoint.url,
    headers: endpoint.headers,
    client,
    authorizer: endpoint.hasOwnAuthorization ? fixedAuthorizer(endpoint.server) : entry.oauth,
    suspension: entry.suspension,
    logger,
  });

  return {
    async open({ server, target, definition, caller }, events) {
      const endpoint = parseRemoteTarget(server, target, definition);
      const entry = know(endpoint);
      if (entry.suspension.until > 0) throw suspended(server, entry.suspension);
      if (!endpoint.hasOwnAuthorization) await entry.oauth.load();
      const link = linkTo(entry, endpoint);
      if (link.authorizer.refusal !== null) throw loginNeeded(server, link.authorizer.refusal);
      const instance: RemoteInstance = {
        id: randomBytes(6).toString('hex'),
        startedAt: now(),
        sessionId: caller.sessionId,
        client: caller.client,
      };
      let isOver = false;
      let opened: ServerConnection | null = null;
      const connection = await openRemote(
        { link, transport: endpoint.transport },
        {
          ...events,
          closed(end) {
            isOver = true;
            if (opened) entry.connections.delete(opened);
            changed();
            events.closed(end);
          },
        },
      );
      opened = connection;
      if (!isOver) entry.connections.set(connection, instance);
      changed();
      return { connection, instanceId: instance.id, pid: null };
    },
    view(server) {
      const entry = known.get(server);
      return {
        connections: entry ? [...entry.connections.values()] : [],
        suspendedUntil: entry?.suspension.until ?? 0,
        lastFailure: entry?.suspension.reason ?? null,
        loginNeeded: entry && !entry.endpoint.hasOwnAuthorization ? entry.oauth.refusal : null,
        login: loginOf(entry),
      };
    },
    async stopServer(server) {
      const connections = known.get(server)?.connections.keys() ?? [];
      await Promise.all([...connections].map((connection) => connection.close()));
    },
    forgive(server) {
      const entry = known.get(server);
      entry?.suspension.lift();
      entry?.oauth.forgive();
    },
    async login(server, target, definition) {
      const endpoint = parseRemoteTarget(server, target, definition);
      if (endpoint.hasOwnAuthorization) {
        throw new PatchbayError(
          'NOT_SUPPORTED',
          `The server ${server} has an Authorization header of its own.`,
          {
            hint: 'Remove it from the catalog to log in through the browser instead.',
          },
        );
      }
      const entry = know(endpoint);
      await entry.oauth.load();
      logins.get(server)?.cancel();
      const pending = await beginLogin({
        endpoint,
        oauth: entry.oauth,
        client,
        proxyFor,
        secret: secrets.require,
        async save(record) {
          await saveLogin(secrets.credentials, endpoint, record);
          entry.oauth.accept(record);
          entry.suspension.lift();
        },
        version: options.version,
        logger,
      });
      logins.set(server, pending);
      const forget = (): void => {
        if (logins.get(server) === pending) logins.delete(server);
      };
      pending.finished.then(forget, forget);
      return pending;
    },
    async logout(server) {
      logins.get(server)?.cancel();
      known.get(server)?.oauth.accept(null);
      for (const key of await secrets.credentials.keys()) {
        if (isLoginOf(key, server)) await secrets.credentials.save(key, null);
      }
    },
    async close() {
      for (const login of logins.values()) login.cancel();
      const connections = [...known.values()].flatMap((entry) => [...entry.connections.keys()]);
      await Promise.all(connections.map((connection) => connection.close()));
      client.close();
    },
  };
}

/** As far as this hub has met the server: whether it wants a login shows when it is asked for something. */
function loginOf(entry: Known | undefined): LoginState {
  if (!entry) return 'not-asked';
  const { endpoint, oauth } = entry;
  if (endpoint.hasOwnAuthorization) return 'own-header';
  // A refusal is forgotten after a while, so that it is tried again; what the server wants is not.
  const isWanted =
    oauth.refusal !== null || (oauth.header === null && oauth.challenges.unauthorized !== null);
  if (isWanted) return 'needed';
  return oauth.header === null ? 'not-asked' : 'logged-in';
}

/** For a server whose definition says who asks: there is nothing to renew. */
const fixedAuthorizer = (server: string): Authorizer => ({
  refusal: null,
  header: null,
  renew: () => Promise.resolve(false),
  giveUp: () => `The server ${server} does not accept the Authorization header from the catalog.`,
  needMore: () =>
    `The server ${server} wants more rights than the Authorization header from the catalog gives.`,
});

const suspended = (server: string, { secondsLeft, reason }: Suspension): PatchbayError =>
  new PatchbayError(
    'SERVER_SUSPENDED',
    `The server ${server} is left alone for ${secondsLeft} s: ${reason}`,
    {
      hint: `To try it at once: patchbay servers restart ${server}`,
    },
  );

const loginNeeded = (server: string, refusal: string): PatchbayError =>
  new PatchbayError('LOGIN_NEEDED', refusal, { hint: `Run: patchbay servers login ${server}` });
