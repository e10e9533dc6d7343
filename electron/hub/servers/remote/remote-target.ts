import { validateHeaderName, validateHeaderValue } from 'node:http';
import { z } from 'zod';
import { PatchbayError } from '../../../../shared/model/error.ts';
import type { ServerDefinition } from '../../../../shared/model/server.ts';
import type { RemoteTarget } from '../fill-in-definition.ts';

/** How a remote server is reached; `auto` tries Streamable HTTP first, then HTTP+SSE. */
export type RemoteTransport = 'auto' | 'http' | 'sse';

/** What a person knows of the login at a server: all optional, most servers tell it themselves. */
const OAuthSettings = z.looseObject({
  /** Of a client that is registered already; without it Patchbay registers itself. */
  clientId: z.string().min(1).optional(),
  /** May be written as `${secret:NAME}`. */
  clientSecret: z.string().min(1).optional(),
  /** The authorization server it is registered at; else the first one that it was used with. */
  issuer: z.url().optional(),
  /** Scopes to ask for, separated by spaces. */
  scope: z.string().min(1).optional(),
  /** Port of the redirect address, where the registered client names one. */
  callbackPort: z.number().int().min(1).max(65_535).optional(),
  /** A client id metadata document (https) that stands for Patchbay. */
  clientMetadataUrl: z.url({ protocol: /^https$/ }).optional(),
  /** The authorization server of a public server stands in a private network. */
  privateNetwork: z.boolean().optional(),
});
export type OAuthSettings = z.infer<typeof OAuthSettings>;

/** A remote server, checked and ready to be connected to. */
export interface RemoteEndpoint {
  server: string;
  url: URL;
  transport: RemoteTransport;
  /** The person's headers, without those that belong to the transport. */
  headers: Readonly<Record<string, string>>;
  /** The person says who asks; a login by OAuth is not tried. */
  hasOwnAuthorization: boolean;
  oauth: OAuthSettings;
}

/** Names in use for the two transports, by what clients write into their configs. */
const TRANSPORTS: Readonly<Record<string, RemoteTransport>> = {
  http: 'http',
  'streamable-http': 'http',
  streamablehttp: 'http',
  streamable_http: 'http',
  sse: 'sse',
};

/**
 * Headers that say what the message is or how it travels. Imported configs often repeat them; only the transport
 * knows their right values, so theirs are left out.
 */
const OURS =
  /^(?:host|content-length|content-type|content-encoding|accept|accept-encoding|connection|keep-alive|proxy-connection|transfer-encoding|upgrade|te|trailer|expect|last-event-id|mcp-session-id|mcp-protocol-version|mcp-method|mcp-name|mcp-param-.+)$/i;

/**
 * Checks a target whose variables are filled in. Throws CATALOG_INVALID naming server and field; values never stand
 * in the message, for they may hold secrets.
 */
export function parseRemoteTarget(
  server: string,
  target: RemoteTarget,
  definition: ServerDefinition,
): RemoteEndpoint {
  const headers = parseHeaders(server, target.headers);
  return {
    server,
    url: parseUrl(server, target.url),
    transport: parseTransport(server, target.type),
    headers,
    hasOwnAuthorization: Object.keys(headers).some((name) => name.toLowerCase() === 'authorization'),
    oauth: parseOAuth(server, definition.oauth),
  };
}

function parseUrl(server: string, text: string): URL {
  if (!URL.canParse(text))
    throw invalid(server, 'url', 'is not a URL', 'It starts with https:// or http://.');
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw invalid(
      server,
      'url',
      `has the scheme ${url.protocol}//`,
      'Remote servers are reached by https:// or http://.',
    );
  }
  url.hash = '';
  return url;
}

function parseTransport(server: string, type: string | undefined): RemoteTransport {
  if (type === undefined) return 'auto';
  const transport = Object.hasOwn(TRANSPORTS, type.toLowerCase())
    ? TRANSPORTS[type.toLowerCase()]
    : undefined;
  if (transport) return transport;
  throw invalid(
    server,
    'type',
    `is ${JSON.stringify(type.slice(0, 40))}`,
    'Use "http" or "sse", or leave it out.',
  );
}

function parseHeaders(server: string, headers: Readonly<Record<string, string>>): Record<string, string> {
  const kept: [string, string][] = [];
  for (const [name, value] of Object.entries(headers)) {
    const field = `headers.${name.slice(0, 80)}`;
    try {
      validateHeaderName(name);
    } catch {
      throw invalid(
        server,
        JSON.stringify(field),
        'is no name for a header',
        'Use letters, digits and dashes.',
      );
    }
    try {
      validateHeaderValue(name, value);
    } catch {
      throw invalid(server, field, 'holds characters that no header may carry', 'Line ends are among them.');
    }
    if (!OURS.test(name)) kept.push([name, value]);
  }
  return Object.fromEntries(kept);
}

function parseOAuth(server: string, value: unknown): OAuthSettings {
  const parsed = OAuthSettings.safeParse(value ?? {});
  if (parsed.success) return parsed.data;
  const path = ['oauth', ...(parsed.error.issues[0]?.path ?? [])].join('.');
  throw invalid(
    server,
    path,
    'is not as it should be',
    `It may hold ${Object.keys(OAuthSettings.shape).join(', ')}.`,
  );
}

const invalid = (server: string, field: string, fault: string, hint: string): PatchbayError =>
  new PatchbayError('CATALOG_INVALID', `Server ${server}, ${field}, ${fault}.`, { hint });
