import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { TemporaryHome } from '../../../support/temporary-home.ts';
import type { Message } from './recorded-connection.ts';
import { json, serveScript, type Received, type ScriptedServer } from './scripted-server.ts';

/** What the test may change while it runs. */
export interface AuthorizationRules {
  /** `iss` in the redirect; null leaves it out. */
  iss: string | null;
  /** Members put into, or over, the metadata. */
  metadata: Record<string, unknown>;
  /** The person says no. */
  denies: boolean;
  /** A page asks the person, with a link to agree and one to say no; else it is decided at once, as `denies` says. */
  asks: boolean;
  refreshes: boolean;
  /** Of the tokens. */
  tokenType: string;
}

/**
 * A fake authorization server: OAuth 2.1 with PKCE S256, registration, rotating refresh tokens and RFC 9207, in
 * memory. It is strict where the hub must be right (redirect URI, verifier, resource, client) and its person agrees
 * at once.
 */
export interface FakeAuthorizationServer extends ScriptedServer {
  rules: AuthorizationRules;
  /** Access tokens that are good, with their scope. */
  good: Map<string, string>;
  /** Requests to the token endpoint, as forms. */
  tokenRequests: URLSearchParams[];
  registrations: Record<string, unknown>[];
  authorizations: URLSearchParams[];
}

interface Grant {
  clientId: string;
  scope: string;
  resource: string;
  redirectUri: string;
  challenge: string;
}

export async function startAuthorizationServer(): Promise<FakeAuthorizationServer> {
  const rules: AuthorizationRules = {
    iss: '',
    metadata: {},
    denies: false,
    asks: false,
    refreshes: true,
    tokenType: 'Bearer',
  };
  const clients = new Map<string, string[]>();
  const codes = new Map<string, Grant>();
  const refreshTokens = new Map<string, Grant>();
  const good = new Map<string, string>();
  const tokenRequests: URLSearchParams[] = [];
  const registrations: Record<string, unknown>[] = [];
  const authorizations: URLSearchParams[] = [];

  const register = ({ body }: Received, response: ServerResponse): void => {
    const metadata = JSON.parse(body) as { redirect_uris: string[] };
    registrations.push(metadata as unknown as Record<string, unknown>);
    const clientId = `client-${registrations.length}`;
    clients.set(clientId, metadata.redirect_uris);
    json(response, { ...metadata, client_id: clientId }, 201);
  };

  const authorize = (query: URLSearchParams, response: ServerResponse): void => {
    authorizations.push(query);
    const redirectUri = query.get('redirect_uri')!;
    const clientId = query.get('client_id')!;
    const known = clients.get(clientId);
    if (known && !known.includes(redirectUri)) return json(response, { error: 'invalid_redirect_uri' }, 400);
    if (query.get('code_challenge_method') !== 'S256')
      return json(response, { error: 'invalid_request' }, 400);
    if (rules.asks && !query.has('decision')) return consentPage(query, response);
    const back = new URL(redirectUri);
    if (rules.denies || query.get('decision') === 'no') {
      back.searchParams.set('error', 'access_denied');
      back.searchParams.set('error_description', 'The person said no.\u0007');
    } else {
      const code = randomBytes(8).toString('hex');
      codes.set(code, {
        clientId,
        redirectUri,
        scope: query.get('scope') ?? '',
        resource: query.get('resource') ?? '',
        challenge: query.get('code_challenge')!,
      });
      back.searchParams.set('code', code);
    }
    back.searchParams.set('state', query.get('state') ?? '');
    if (rules.iss !== null) back.searchParams.set('iss', rules.iss);
    response.writeHead(302, { Location: back.href }).end();
  };

  const issue = (grant: Grant, response: ServerResponse): void => {
    const accessToken = `access-${randomBytes(8).toString('hex')}`;
    const refreshToken = `refresh-${randomBytes(8).toString('hex')}`;
    good.set(accessToken, grant.scope);
    refreshTokens.set(refreshToken, grant);
    json(response, {
      access_token: accessToken,
      token_type: rules.tokenType,
      refresh_token: refreshToken,
      expires_in: 3_600,
      scope: grant.scope,
    });
  };

  const token = ({ body, headers }: Received, response: ServerResponse): void => {
    const form = new URLSearchParams(body);
    tokenRequests.push(form);
    const basic = /^Basic (.+)$/.exec(headers.authorization ?? '')?.[1];
    const clientId = basic ? Buffer.from(basic, 'base64').toString().split(':')[0]! : form.get('client_id');
    const isRefresh = form.get('grant_type') === 'refresh_token';
    const store = isRefresh ? refreshTokens : codes;
    const key = form.get(isRefresh ? 'refresh_token' : 'code') ?? '';
    const grant = store.get(key);
    store.delete(key);
    const verifier = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    const isRight =
      grant &&
      grant.clientId === clientId &&
      grant.resource === (form.get('resource') ?? '') &&
      (isRefresh
        ? rules.refreshes
        : grant.challenge === verifier && grant.redirectUri === form.get('redirect_uri'));
    if (isRight) issue(grant, response);
    else json(response, { error: 'invalid_grant', error_description: 'no' }, 400);
  };

  const server = await serveScript((received, response) => {
    const url = new URL(received.path, server.origin);
    if (url.pathname === '/.well-known/oauth-authorization-server') {
      return json(response, {
        issuer: server.origin,
        authorization_endpoint: `${server.origin}/authorize`,
        token_endpoint: `${server.origin}/token`,
        registration_endpoint: `${server.origin}/register`,
        response_types_supported: ['code'],
        code_challenge_methods_supported: ['S256'],
        scopes_supported: ['read', 'write', 'offline_access'],
        authorization_response_iss_parameter_supported: true,
        ...rules.metadata,
      });
    }
    if (url.pathname === '/register') return register(received, response);
    if (url.pathname === '/authorize') return authorize(url.searchParams, response);
    if (url.pathname === '/token') return token(received, response);
    response.writeHead(404).end();
  });
  rules.iss = server.origin;
  return Object.assign(server, { rules, good, tokenRequests, registrations, authorizations });
}

function consentPage(query: URLSearchParams, response: ServerResponse): void {
  const link = (decision: string, words: string): string =>
    `<a href="/authorize?${new URLSearchParams([...query, ['decision', decision]]).toString().replaceAll('&', '&amp;')}">${words}</a>`;
  response.writeHead(200, { 'Content-Type': 'text/html' });
  response.end(`<!doctype html><title>Consent</title>${link('yes', 'Allow')} ${link('no', 'Deny')}`);
}

/** What a server `github` answers to whoever has a good token. */
const GITHUB: Readonly<Record<string, unknown>> = {
  initialize: {
    protocolVersion: '2025-11-25',
    capabilities: { tools: {} },
    serverInfo: { name: 'github', version: '1' },
  },
  'tools/list': { tools: [{ name: 'whoami', inputSchema: { type: 'object' } }] },
  'tools/call': { content: [{ type: 'text', text: 'octocat' }] },
};

/** `startProtectedServer` as `github`, in the catalog of a home whose hub has not been started. */
export async function startGithubFor(
  home: TemporaryHome,
  issuer: FakeAuthorizationServer,
  scopes?: readonly string[],
): Promise<ScriptedServer> {
  const server = await startProtectedServer(issuer, {
    ...(scopes && { scopes }),
    answer: ({ method }) => GITHUB[String(method)],
  });
  mkdirSync(home.dataDir, { recursive: true, mode: 0o700 });
  const mcpServers = { github: { type: 'http', url: server.url.href } };
  writeFileSync(join(home.dataDir, 'mcp-servers.json'), JSON.stringify({ mcpServers }), { mode: 0o600 });
  return server;
}

/** A fake MCP server that wants a token of `issuer` for everything, and scope `write` for calls of tools. */
export async function startProtectedServer(
  issuer: FakeAuthorizationServer,
  options: {
    publishesMetadata?: boolean;
    scopes?: readonly string[];
    /** The result of a request that came with a good token; without it, the token's scope. Undefined: no such method. */
    answer?(message: Message): unknown;
  } = {},
): Promise<ScriptedServer> {
  const server = await serveScript((received, response) => {
    const { path, headers, message } = received;
    const metadata = `${server.origin}/.well-known/oauth-protected-resource/mcp`;
    if (path.startsWith('/.well-known/oauth-protected-resource')) {
      if (options.publishesMetadata === false) return void response.writeHead(404).end();
      return json(response, {
        resource: server.url.href,
        authorization_servers: [issuer.origin],
        scopes_supported: options.scopes ?? ['read'],
      });
    }
    const bearer = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ?? '';
    const scope = issuer.good.get(bearer);
    const challenge = (error: string): Record<string, string> => ({
      'WWW-Authenticate': `Bearer ${error}resource_metadata="${metadata}"`,
    });
    if (scope === undefined) return void response.writeHead(401, challenge('')).end();
    if (message.method === 'tools/call' && !scope.split(' ').includes('write')) {
      return void response.writeHead(403, challenge('error="insufficient_scope", scope="write", ')).end();
    }
    if (message.id === undefined) return void response.writeHead(202).end();
    const result = options.answer ? options.answer(message) : { scope };
    json(response, {
      jsonrpc: '2.0',
      id: message.id,
      ...(result === undefined ? { error: { code: -32_601, message: 'no' } } : { result }),
    });
  });
  return server;
}
