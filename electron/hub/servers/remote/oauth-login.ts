import { randomBytes } from 'node:crypto';
import { PatchbayError } from '../../../../shared/model/error.ts';
import type { Logger } from '../../log.ts';
import { discard } from './exchange.ts';
import type { HttpClient } from './http-client.ts';
import { listenForRedirect, type LoopbackRedirect } from './loopback-redirect.ts';
import type { OAuthAuthorizer } from './oauth-authorizer.ts';
import { createOAuthFetch, type OAuthFetch } from './oauth-fetch.ts';
import { createLoginProvider, type LoginProvider } from './oauth-provider.ts';
import type { OAuthRecord } from './oauth-record.ts';
import type { ProxyRules } from './proxy.ts';
import type { RemoteEndpoint } from './remote-target.ts';

/** How long the person may take in the browser. */
export const LOGIN_MS = 5 * 60_000;
const PROBE_MS = 10_000;

export interface LoginOptions {
  endpoint: RemoteEndpoint;
  oauth: OAuthAuthorizer;
  client: HttpClient;
  proxyFor: ProxyRules;
  /** Gives one of the person's secrets; rejects with SECRET_MISSING. */
  secret(name: string): Promise<string>;
  /** Keeps the login; what it rejects with, `finished` does. */
  save(record: OAuthRecord): Promise<void>;
  version: string;
  logger: Logger;
}

/** A login that waits for the person. */
export interface PendingLogin {
  /** To be opened in a browser on this machine. */
  authorizationUrl: string;
  /** Rejects with LOGIN_NEEDED when it was refused, broken off or not finished within 5 minutes. */
  finished: Promise<void>;
  cancel(): void;
}

/**
 * Begins a login by OAuth 2.1: finds the authorization server, registers where needed, and listens on this machine for
 * the way back. Rejects with NOT_SUPPORTED when that cannot be done, PORT_TAKEN or SECRET_MISSING; nothing stays open
 * then.
 */
export async function beginLogin(options: LoginOptions): Promise<PendingLogin> {
  const { endpoint, oauth } = options;
  const { server, url: serverUrl } = endpoint;
  const sdk = await import('@modelcontextprotocol/client');
  const clientSecret = await fillInSecret(endpoint.oauth.clientSecret, options.secret);
  if (oauth.challenges.unauthorized === null) await askForChallenge(options);
  const { unauthorized, insufficient } = oauth.challenges;
  const challenges = [unauthorized, insufficient].map((text) =>
    sdk.extractWWWAuthenticateParams(
      new Response(null, { headers: text === null ? {} : { 'WWW-Authenticate': text } }),
    ),
  );
  const granted = oauth.record?.byIssuer[oauth.record.issuer]?.tokens?.scope;
  // What was granted is asked for again, or the new token could do less than the old one (step-up).
  const isStepUp = challenges.some(({ error }) => error === 'insufficient_scope');
  const scope = sdk.computeScopeUnion(
    endpoint.oauth.scope,
    isStepUp ? granted : undefined,
    ...challenges.map((challenge) => challenge.scope),
  );
  const resourceMetadataUrl = challenges.findLast(
    (challenge) => challenge.resourceMetadataUrl,
  )?.resourceMetadataUrl;

  const { promise: finished, resolve, reject } = deferred();
  const state = randomBytes(32).toString('base64url');
  let net: OAuthFetch | null = null;
  let redirect: LoopbackRedirect | null = null;
  let login: LoginProvider | null = null;
  let isOver = false;
  const end = (error: PatchbayError | null): void => {
    if (isOver) return;
    isOver = true;
    clearTimeout(timer);
    redirect?.close();
    net?.close();
    if (error) reject(error);
    else resolve();
  };
  const timer = setTimeout(() => {
    end(
      new PatchbayError(
        'LOGIN_NEEDED',
        `Nobody finished the login at the server ${server} within 5 minutes.`,
      ),
    );
  }, LOGIN_MS);

  const request = {
    serverUrl,
    ...(scope ? { scope } : {}),
    ...(resourceMetadataUrl ? { resourceMetadataUrl } : {}),
  };
  const arrived = async (parameters: URLSearchParams): Promise<boolean> => {
    if (isOver || !login || !net) return false;
    try {
      const iss = parameters.get('iss') ?? undefined;
      const metadata = login.discovery()?.authorizationServerMetadata;
      // Before anything else of the answer is looked at: in a mix-up it is another server's (RFC 9207).
      sdk.validateAuthorizationResponseIssuer({
        iss,
        expectedIssuer: metadata?.issuer,
        issParameterSupported: metadata?.authorization_response_iss_parameter_supported === true,
      });
      const authorizationCode = parameters.get('code');
      if (authorizationCode === null) throw new Error(refusalText(parameters));
      await sdk.auth(login.provider, {
        ...request,
        authorizationCode,
        ...(iss === undefined ? {} : { iss }),
        fetchFn: net.fetch,
      });
      end(null);
      return true;
    } catch (error) {
      end(
        error instanceof PatchbayError
          ? error
          : new PatchbayError(
              'LOGIN_NEEDED',
              `The login at the server ${server} failed: ${plainText(error)}`,
            ),
      );
      return false;
    }
  };

  try {
    net = await createOAuthFetch(endpoint, options.proxyFor);
    redirect = await listenForRedirect({ port: endpoint.oauth.callbackPort ?? null, state, arrived });
    login = createLoginProvider({
      endpoint,
      redirectUrl: redirect.url,
      state,
      version: options.version,
      clientSecret,
      before: oauth.record,
      save: options.save,
    });
    await sdk.auth(login.provider, { ...request, forceReauthorization: true, fetchFn: net.fetch });
    const authorizationUrl = login.authorizationUrl();
    if (!authorizationUrl) throw new Error('no address to log in at');
    return {
      authorizationUrl: authorizationUrl.href,
      finished,
      cancel() {
        end(new PatchbayError('LOGIN_NEEDED', `The login at the server ${server} was broken off.`));
      },
    };
  } catch (error) {
    const failure =
      error instanceof PatchbayError
        ? error
        : new PatchbayError(
            'NOT_SUPPORTED',
            `No login can be begun at the server ${server}: ${plainText(error)}`,
            {
              hint: 'If the server wants a key instead, put it into its headers in the catalog, as ${secret:NAME}.',
            },
          );
    end(failure);
    throw failure;
  }
}

/** A first 401 says where the authorization server is described; without one the well-known places are tried. */
function askForChallenge({ endpoint, client, oauth }: LoginOptions): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => request?.destroy(), PROBE_MS);
    const done = (): void => {
      clearTimeout(timer);
      resolve();
    };
    let request: ReturnType<HttpClient['send']> | null = null;
    try {
      request = client.send({
        method: 'POST',
        url: endpoint.url,
        headers: {
          ...endpoint.headers,
          'Content-Type': 'application/json',
          Accept: 'application/json, text/event-stream',
        },
        body: Buffer.from('{"jsonrpc":"2.0","id":1,"method":"ping"}'),
      });
    } catch {
      return done();
    }
    request.on('error', done);
    request.once('response', (response) => {
      response.on('error', done);
      const challenge = response.headers['www-authenticate'];
      if (response.statusCode === 401 && challenge !== undefined) oauth.challenged(challenge);
      discard(response);
      done();
    });
  });
}

async function fillInSecret(
  text: string | undefined,
  secret: LoginOptions['secret'],
): Promise<string | null> {
  if (text === undefined) return null;
  const name = /^\$\{secret:([^}]+)\}$/.exec(text)?.[1];
  return name === undefined ? text : secret(name);
}

/** What an authorization server says of a refusal: anyone's text, so only its plain part and not much of it. */
function refusalText(parameters: URLSearchParams): string {
  const words = [parameters.get('error'), parameters.get('error_description')].filter(
    (word) => word !== null,
  );
  return words.length === 0 ? 'the answer held no code' : words.join(': ');
}

const plainText = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/[^\x20-\x7e]+/g, ' ').slice(0, 200);

function deferred(): { promise: Promise<void>; resolve(): void; reject(error: Error): void } {
  let resolve = (): void => {};
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  // Whoever waits for it gets the error; nobody has to wait.
  promise.catch(() => {});
  return { promise, resolve, reject };
}
