import type { OAuthTokens } from '@modelcontextprotocol/client';
import type { Logger } from '../../log.ts';
import type { CredentialStore } from '../../secrets/secret-store.ts';
import type { Authorizer } from './link.ts';
import { createOAuthFetch, type OAuthFetch } from './oauth-fetch.ts';
import { loadLogin, saveLogin, type OAuthRecord } from './oauth-record.ts';
import type { ProxyRules } from './proxy.ts';
import type { RemoteEndpoint } from './remote-target.ts';

/** How long a server that wants a login is not asked again, unless a person acts. */
const REFUSAL_MS = 60_000;
/** Of a `WWW-Authenticate` header that is kept for the login. */
const MAX_CHALLENGE_LENGTH = 4_096;

export interface OAuthAuthorizerOptions {
  endpoint: RemoteEndpoint;
  credentials: CredentialStore;
  proxyFor: ProxyRules;
  logger: Logger;
  /** Whether there is a login, or one is wanted, is no longer what it was. */
  changed(): void;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** The login at one server, shared by its connections. */
export interface OAuthAuthorizer extends Authorizer {
  /** Takes the stored login, the first time and after `forgive`. Rejects as the store does. */
  load(): Promise<void>;
  readonly record: OAuthRecord | null;
  /** A login has succeeded (and is stored), or was forgotten. */
  accept(record: OAuthRecord | null): void;
  /** What the server said it wants: `WWW-Authenticate` of its last 401 and of its last 403, where there was one. */
  readonly challenges: { unauthorized: string | null; insufficient: string | null };
  /** The server said what it wants without being asked for anything of worth. */
  challenged(challenge: string): void;
  /** Asks the server again at once, with the login as it is stored by then. */
  forgive(): void;
}

/** Tokens are renewed on 401, never ahead: the server alone knows when it stops to accept one. */
export function createOAuthAuthorizer(options: OAuthAuthorizerOptions): OAuthAuthorizer {
  const { endpoint, credentials, proxyFor, logger, changed, now } = options;
  const { server } = endpoint;
  let record: OAuthRecord | null = null;
  let header: string | null = null;
  let loading: Promise<void> | null = null;
  let renewing: Promise<boolean> | null = null;
  let refusal: { text: string; until: number } | null = null;
  let unauthorized: string | null = null;
  /** What is in use could not be stored: then the store knows less than we do. */
  let isAhead = false;
  /** Why the last renewal failed though the login may be as good as ever; null when it did not. */
  let trouble: string | null = null;

  const use = (next: OAuthRecord | null): void => {
    record = next;
    const tokens = next?.byIssuer[next.issuer]?.tokens;
    header = tokens ? `Bearer ${tokens.access_token}` : null;
  };

  const remember = (challenge: string): void => {
    unauthorized = challenge.slice(0, MAX_CHALLENGE_LENGTH);
  };

  const renewOnce = async (): Promise<boolean> => {
    trouble = null;
    const before = header;
    // Logins are made by other processes too, and a refresh token is good for one use only.
    if (!isAhead) use(await loadLogin(credentials, endpoint));
    if (header !== null && header !== before) return true;
    const login = record;
    const held = login?.byIssuer[login.issuer];
    const refreshToken = held?.tokens?.refresh_token;
    if (!login || !held || refreshToken === undefined) return false;
    const { tokens, isRejected } = await refresh(
      login,
      refreshToken,
      await createOAuthFetch(endpoint, proxyFor),
    );
    // A login may have succeeded, or been forgotten, in the meantime.
    const current = record;
    if (!current || current.byIssuer[current.issuer]?.tokens !== held.tokens) return header !== null;
    if (tokens) {
      await change(withTokens(current, { ...held.tokens, ...tokens }));
      logger.log('info', 'remote.login-renewed', { server });
      return true;
    }
    if (isRejected) await change(withTokens(current, null));
    else {
      const { host } = new URL(login.issuer);
      trouble = `Its login could not be renewed: the authorization server ${host} does not work.`;
    }
    return false;
  };

  /** The tokens in use are good even where they cannot be kept: then the next start needs a login. */
  const change = async (next: OAuthRecord): Promise<void> => {
    use(next);
    try {
      await saveLogin(credentials, endpoint, next);
      isAhead = false;
    } catch (error) {
      isAhead = true;
      logger.log('error', 'remote.login-not-stored', { server, message: (error as Error).message });
    }
  };

  const load = (): Promise<void> => {
    const before = record;
    loading ??= loadLogin(credentials, endpoint).then(
      (stored) => {
        // A renewal or a login may have been faster than the disk.
        if (!isAhead && record === before) use(stored);
      },
      (error: unknown) => {
        loading = null;
        throw error;
      },
    );
    return loading;
  };

  return {
    get refusal() {
      return refusal && refusal.until > now() ? refusal.text : null;
    },
    get header() {
      return header;
    },
    get record() {
      return record;
    },
    get challenges() {
      return { unauthorized, insufficient: record?.insufficient ?? null };
    },
    challenged: remember,
    load,
    async renew(used, challenge) {
      if (challenge !== null) remember(challenge);
      // Another call has renewed it since this one was sent.
      if (header !== null && header !== used) return true;
      renewing ??= renewOnce()
        .catch(() => false)
        .finally(() => {
          renewing = null;
        });
      return renewing;
    },
    giveUp(challenge) {
      if (challenge !== null) remember(challenge);
      const text = trouble
        ? `The server ${server} wants a login. ${trouble}`
        : `The server ${server} wants a login: patchbay servers login ${server}`;
      const isNew = !(refusal && refusal.until > now());
      refusal = { text, until: now() + REFUSAL_MS };
      if (isNew) {
        logger.log('warn', 'remote.login-needed', { server });
        changed();
      }
      return text;
    },
    needMore(challenge) {
      const insufficient = challenge.slice(0, MAX_CHALLENGE_LENGTH);
      if (record && record.insufficient !== insufficient) {
        void change({ ...record, insufficient });
      }
      logger.log('warn', 'remote.more-rights-needed', { server });
      return `The server ${server} wants more rights than its login gives: patchbay servers login ${server}`;
    },
    accept(next) {
      use(next);
      refusal = null;
      unauthorized = null;
      isAhead = false;
      trouble = null;
      changed();
    },
    forgive() {
      refusal = null;
      loading = null;
      // At once, for those who look. One that cannot be read is the next connection's failure.
      load().then(changed, () => {});
    },
  };
}

function withTokens(
  record: OAuthRecord,
  tokens: (OAuthTokens & Record<string, unknown>) | null,
): OAuthRecord {
  const held = record.byIssuer[record.issuer]!;
  return { ...record, byIssuer: { ...record.byIssuer, [record.issuer]: { ...held, tokens } } };
}

/**
 * One refresh at the issuer that gave the tokens, as it was found at the login. The SDK's `auth` is not used for it:
 * that one registers a new client and begins a login when the refresh fails, which is for a person to ask for.
 */
async function refresh(
  record: OAuthRecord,
  refreshToken: string,
  net: OAuthFetch,
): Promise<{ tokens: OAuthTokens | null; isRejected: boolean }> {
  const { client } = record.byIssuer[record.issuer]!;
  const { authorizationServerUrl, authorizationServerMetadata } = record.discovery;
  // Imported where it is needed: few servers want a login, and the SDK costs 20 MB.
  const { OAuthError, refreshAuthorization } = await import('@modelcontextprotocol/client');
  try {
    const tokens = await refreshAuthorization(authorizationServerUrl, {
      ...(authorizationServerMetadata
        ? { metadata: authorizationServerMetadata as Parameters<typeof refreshAuthorization>[1]['metadata'] }
        : {}),
      clientInformation: client,
      refreshToken,
      ...(record.resource === null ? {} : { resource: record.resource }),
      fetchFn: net.fetch,
    });
    return { tokens: isBearer(tokens) ? tokens : null, isRejected: !isBearer(tokens) };
  } catch (error) {
    // The server's word that the token is no good; anything else may pass.
    const isRejected =
      error instanceof OAuthError &&
      ['invalid_grant', 'invalid_client', 'unauthorized_client'].includes(error.code);
    return { tokens: null, isRejected };
  } finally {
    net.close();
  }
}

/** Tokens bound to a key of ours (DPoP) were never asked for, so none can be used. */
export const isBearer = ({ token_type }: { token_type: string }): boolean =>
  token_type.toLowerCase() === 'bearer';
