import {
  StreamableHTTPClientTransport,
  UnauthorizedError,
  type OAuthClientProvider,
} from '@modelcontextprotocol/client';
import type { ScenarioContext } from './client-driver.ts';
import type { Access } from './client-scenarios.ts';

/** The document that the suite's authorization servers know as a client's own. */
export const METADATA_DOCUMENT = 'https://conformance-test.local/client-metadata.json';
/** A login and a step up; more of them in one call is a server that will never be content. */
export const LOGINS = 2;

const REDIRECT = 'http://127.0.0.1:8765/callback';

/**
 * The browser's part of a login: opens the page and says where it sends the person back to.
 */
export async function allow(page: URL): Promise<URL> {
  const { headers, status } = await fetch(page, { redirect: 'manual' });
  const back = headers.get('location');
  if (!back) throw new Error(`The authorization server answered ${status} without a redirect.`);
  return new URL(back, page);
}

/**
 * The SDK's client with nothing between it and the server, a memory for what OAuth wants to be kept, and a person who
 * always agrees. `registered` holds credentials that are known beforehand.
 */
export function directAccess(server: URL, registered: ScenarioContext): Access {
  const clients = new Map<
    string | undefined,
    Parameters<NonNullable<OAuthClientProvider['saveClientInformation']>>[0]
  >();
  let tokens: Parameters<OAuthClientProvider['saveTokens']>[0] | undefined;
  let callback: URLSearchParams | undefined;
  let verifier = '';
  let transport: StreamableHTTPClientTransport | undefined;

  const authProvider: OAuthClientProvider = {
    redirectUrl: REDIRECT,
    clientMetadataUrl: METADATA_DOCUMENT,
    clientMetadata: {
      client_name: 'patchbay-conformance',
      redirect_uris: [REDIRECT],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
    },
    clientInformation(context) {
      const { client_id: id, client_secret: secret } = registered;
      return id === undefined
        ? clients.get(context?.issuer)
        : { client_id: id, ...(secret && { client_secret: secret }) };
    },
    saveClientInformation: (information, context) => void clients.set(context?.issuer, information),
    tokens: () => tokens,
    saveTokens: (saved) => void (tokens = saved),
    codeVerifier: () => verifier,
    saveCodeVerifier: (saved) => void (verifier = saved),
    invalidateCredentials(scope) {
      if (scope === 'all' || scope === 'tokens') tokens = undefined;
      if (scope === 'all' || scope === 'client') clients.clear();
    },
    async redirectToAuthorization(page) {
      callback = (await allow(page)).searchParams;
    },
  };

  return {
    connect(client) {
      transport = new StreamableHTTPClientTransport(server, { authProvider });
      return client.connect(transport);
    },
    async withLogin(run) {
      for (let login = 0; ; login += 1) {
        try {
          return await run();
        } catch (error) {
          if (!(error instanceof UnauthorizedError) || !callback || login === LOGINS) throw error;
          await transport?.finishAuth(callback);
          callback = undefined;
        }
      }
    },
  };
}
