import { describe, expect, it } from 'vitest';
import { parseRemoteTarget } from '../../../electron/hub/servers/remote/remote-target.ts';
import type { ServerDefinition } from '../../../shared/model/server.ts';

const parse = (
  target: { url?: string; type?: string; headers?: Record<string, string> },
  definition: ServerDefinition = {},
): ReturnType<typeof parseRemoteTarget> =>
  parseRemoteTarget(
    'github',
    { url: 'https://mcp.example/mcp', type: undefined, headers: {}, ...target },
    definition,
  );

describe('the target of a remote server', () => {
  it('keeps what it is told', () => {
    const endpoint = parse(
      {
        url: 'https://user@mcp.example:8443/a/mcp?x=1#part',
        type: 'http',
        headers: { 'X-Key': 'k', AUTHORIZATION: 'b' },
      },
      { oauth: { clientId: 'c', callbackPort: 8080 } },
    );
    expect(endpoint.url.href).toBe('https://user@mcp.example:8443/a/mcp?x=1');
    expect(endpoint).toMatchObject({
      server: 'github',
      transport: 'http',
      headers: { 'X-Key': 'k', AUTHORIZATION: 'b' },
      hasOwnAuthorization: true,
      oauth: { clientId: 'c', callbackPort: 8080 },
    });
  });

  it.each([
    [undefined, 'auto'],
    ['http', 'http'],
    ['streamable-http', 'http'],
    ['streamableHttp', 'http'],
    ['SSE', 'sse'],
  ])('reads the type %s as %s', (type, transport) => {
    expect(parse(type === undefined ? {} : { type }).transport).toBe(transport);
  });

  it('leaves out headers that only the transport can know', () => {
    const headers = {
      Accept: 'text/html',
      'content-type': 'text/plain',
      Host: 'evil.example',
      'Transfer-Encoding': 'chunked',
      'Mcp-Session-Id': 'x',
      'MCP-Protocol-Version': '1',
      'Mcp-Param-Region': 'x',
      'X-MCP-Toolsets': 'repos',
    };
    expect(parse({ headers }).headers).toEqual({ 'X-MCP-Toolsets': 'repos' });
  });

  it.each([
    ['url', { url: 'not a url' }],
    ['url', { url: 'ftp://s3cret.example' }],
    ['url', { url: 'file:///s3cret' }],
    ['url', { url: 'unix:/s3cret' }],
    ['type', { type: 'websocket' }],
    ['type', { type: '__proto__' }],
    ['headers.X-Key', { headers: { 'X-Key': 's3cret\r\nX-Other: 1' } }],
    ['headers.X-Key', { headers: { 'X-Key': 's3cret€' } }],
    ['headers.X Key', { headers: { 'X Key': 's3cret' } }],
  ])('E11 names server and field of what is wrong, and no value: %s', (field, target) => {
    let error: unknown;
    try {
      parse(target);
    } catch (caught) {
      error = caught;
    }
    expect(error).toMatchObject({ code: 'CATALOG_INVALID' });
    const { message } = error as Error;
    expect(message).toContain(`Server github, `);
    expect(message).toContain(field);
    expect(message).not.toContain('s3cret');
  });

  it.each([
    ['oauth.callbackPort', { callbackPort: 70_000 }],
    ['oauth.clientMetadataUrl', { clientMetadataUrl: 'http://plain.example/client' }],
    ['oauth', 'yes'],
  ])('checks the login’s settings: %s', (field, oauth) => {
    expect(() => parse({}, { oauth })).toThrow(`Server github, ${field}, is not as it should be.`);
  });
});
