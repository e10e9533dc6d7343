import type { OAuthClientProvider, OAuthDiscoveryState } from '@modelcontextprotocol/client';
import { PatchbayError } from '../../../../shared/model/error.ts';
import { isLoginAddress } from '../../../../shared/model/login-address.ts';
import { isBearer } from './oauth-authorizer.ts';
import type { OAuthRecord } from './oauth-record.ts';
import type { RemoteEndpoint } from './remote-target.ts';

export interface LoginProviderOptions {
  endpoint: RemoteEndpoint;
  redirectUrl: string;
  state: string;
  version: string;
  /** Of a client that is registered already, with forms filled in; null where there is none. */
  clientSecret: string | null;
  /** The login so far; null at the first one. */
  before: OAuthRecord | null;
  /** The tokens are there. What it rejects with ends the login. */
  save(record: OAuthRecord): Promise<void>;
}

export interface LoginProvider {
  provider: OAuthClientProvider;
  /** Where the person has to go; null before the SDK has said so. */
  authorizationUrl(): URL | null;
  discovery(): OAuthDiscoveryState | null;
}

type ClientInformation = NonNullable<Awaited<ReturnType<OAuthClientProvider['clientInformation']>>>;

/**
 * One login as the SDK's `auth` wants it. What it gathers stays here until the tokens are there: a login that is
 * broken off must not take the client away that the tokens of the last one belong to.
 *
 * The SDK leaves these protections to its caller, and all are on: `state` (loopback-redirect.ts compares it), the
 * discovery state that ties the code to the issuer it was asked of, credentials by issuer with the issuer's stamp, a
 * pre-registered client bound to its first issuer, RFC 8707 `resource` also where the server publishes no metadata,
 * `grant_types` set by hand (without that it never asks for `offline_access`), RFC 9207 `iss` (oauth-login.ts passes
 * it on), metadata's issuer checked (never skipped), and a fetch that cannot be led into the private network.
 */
export function createLoginProvider(options: LoginProviderOptions): LoginProvider {
  const { endpoint, redirectUrl, before } = options;
  const { oauth, server } = endpoint;
  let authorizationUrl: URL | null = null;
  let verifier = '';
  let discovery: OAuthDiscoveryState | null = null;
  let resource: string | null = null;
  let registered: ClientInformation | undefined;

  const clientFor = (issuer: string): ClientInformation | undefined => {
    if (oauth.clientId === undefined) return registered;
    return {
      client_id: oauth.clientId,
      ...(options.clientSecret === null ? {} : { client_secret: options.clientSecret }),
      // A server that names another authorization server later must not be sent the secret of this one.
      issuer: oauth.issuer ?? before?.issuer ?? issuer,
    };
  };

  const provider: OAuthClientProvider = {
    redirectUrl,
    ...(oauth.clientMetadataUrl === undefined ? {} : { clientMetadataUrl: oauth.clientMetadataUrl }),
    clientMetadata: {
      client_name: 'Patchbay',
      redirect_uris: [redirectUrl],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
      application_type: 'native',
      software_version: options.version,
      ...(oauth.scope === undefined ? {} : { scope: oauth.scope }),
    },
    state: () => options.state,
    // One that was registered for an earlier login names another port, and many servers compare the whole address.
    clientInformation: (context) => clientFor(context?.issuer ?? ''),
    ...(oauth.clientId === undefined
      ? {
          saveClientInformation(information: ClientInformation) {
            registered = information;
          },
        }
      : {}),
    // A login is begun because these do not do any more.
    tokens: () => undefined,
    async saveTokens(tokens, context) {
      const issuer = context?.issuer ?? tokens.issuer;
      const client = issuer === undefined ? undefined : clientFor(issuer);
      if (issuer === undefined || !client || !discovery || !isBearer(tokens)) {
        throw new PatchbayError(
          'SERVER_FAILED',
          `The login at the server ${server} gave a token of an unknown kind.`,
        );
      }
      await options.save({
        issuer,
        byIssuer: { ...before?.byIssuer, [issuer]: { client: { ...client }, tokens: { ...tokens } } },
        discovery: { ...discovery },
        resource,
      });
    },
    redirectToAuthorization(url) {
      // It is about to be opened on the person's machine: `file:` and its like start programs there.
      if (!isLoginAddress(url)) {
        throw new PatchbayError(
          'SERVER_FAILED',
          `The server ${server} wants its login at an unsafe address.`,
        );
      }
      authorizationUrl = url;
    },
    saveCodeVerifier(text) {
      verifier = text;
    },
    codeVerifier: () => verifier,
    saveDiscoveryState(state) {
      discovery = state;
      // With metadata the SDK checks its resource against the server's URL and sends it as it is spelled there.
      if (!state.resourceMetadata) provider.validateResourceURL = (url) => Promise.resolve(new URL(url));
    },
    discoveryState: () => discovery ?? undefined,
    saveResourceUrl(text) {
      resource = text;
    },
  };
  return { provider, authorizationUrl: () => authorizationUrl, discovery: () => discovery };
}
