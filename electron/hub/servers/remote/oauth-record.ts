import { z } from 'zod';
import type { CredentialStore } from '../../secrets/secret-store.ts';
import type { RemoteEndpoint } from './remote-target.ts';

/** What an authorization server knows us as. */
const Client = z.looseObject({ client_id: z.string(), client_secret: z.string().optional() });

const Tokens = z.looseObject({
  access_token: z.string(),
  token_type: z.string(),
  refresh_token: z.string().optional(),
  scope: z.string().optional(),
});

/** Where to renew at; as found at the login, so that a server cannot send a refresh token elsewhere later. */
const Discovery = z.looseObject({
  authorizationServerUrl: z.string(),
  authorizationServerMetadata: z.looseObject({ issuer: z.string() }).optional(),
});

/** The login at one server: kept per issuer, since ids and tokens of one mean nothing at another. */
export const OAuthRecord = z.looseObject({
  /** Issuer of the tokens in use. */
  issuer: z.string(),
  byIssuer: z.record(z.string(), z.looseObject({ client: Client, tokens: Tokens.nullable() })),
  discovery: Discovery,
  /** RFC 8707 resource as it was asked for; null where none was. */
  resource: z.string().nullable(),
  /** `WWW-Authenticate` of the last 403 that asked for more rights; for the next login, whichever process it runs in. */
  insufficient: z.string().optional(),
});
export type OAuthRecord = z.infer<typeof OAuthRecord>;

const keyOf = ({ server, url }: RemoteEndpoint): string => `${prefixOf(server)}${url.href}`;

const prefixOf = (server: string): string => `oauth ${JSON.stringify(server)} `;

/** True for the key of a login at this server, whatever its URL. */
export const isLoginOf = (key: string, server: string): boolean => key.startsWith(prefixOf(server));

/** The stored login for a server at its URL; null when there is none or it cannot be read. */
export async function loadLogin(
  store: CredentialStore,
  endpoint: RemoteEndpoint,
): Promise<OAuthRecord | null> {
  const parsed = OAuthRecord.safeParse(await store.load(keyOf(endpoint)));
  return parsed.success ? parsed.data : null;
}

export const saveLogin = (
  store: CredentialStore,
  endpoint: RemoteEndpoint,
  record: OAuthRecord,
): Promise<void> => store.save(keyOf(endpoint), record);
