import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { createHttpGuard } from '../../../electron/hub/api/http-guard.ts';

const token = 'a'.repeat(43);
const guard = createHttpGuard(12009, token);

function request(headers: Record<string, string | string[]>): IncomingMessage {
  const rawHeaders = Object.entries(headers).flatMap(([name, value]) =>
    [value].flat().flatMap((one) => [name, one]),
  );
  const flat = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, [value].flat().join(', ')]),
  );
  return { headers: flat, rawHeaders } as unknown as IncomingMessage;
}

describe('HTTP guard', () => {
  it.each(['127.0.0.1:12009', 'localhost:12009', '[::1]:12009'])('knows itself as %s', (host) => {
    expect(guard.isHostAllowed(request({ host }))).toBe(true);
    expect(guard.isOriginAllowed(request({ host, origin: `http://${host}` }))).toBe(true);
  });

  it.each([
    'evil.com',
    'evil.com:12009',
    '127.0.0.1',
    '127.0.0.1:12010',
    '127.1:12009',
    '0x7f.1:12009',
    '2130706433:12009',
    '[::ffff:7f00:1]:12009',
    'localhost.:12009',
    'localhost.evil.com:12009',
    'LOCALHOST:12009',
    '',
  ])('E01: refuses Host %s', (host) => {
    expect(guard.isHostAllowed(request({ host }))).toBe(false);
  });

  it('E01: refuses a missing and a doubled Host', () => {
    expect(guard.isHostAllowed(request({}))).toBe(false);
    expect(guard.isHostAllowed(request({ host: ['127.0.0.1:12009', '127.0.0.1:12009'] }))).toBe(false);
  });

  it.each([
    'null',
    'http://evil.com',
    'https://127.0.0.1:12009',
    'http://127.0.0.1:12010',
    'http://localhost.evil.com:12009',
    'http://localhost:12009.evil.com',
    'chrome-extension://abc',
    'file://',
    '',
  ])('E02: refuses Origin %s', (origin) => {
    expect(guard.isOriginAllowed(request({ origin }))).toBe(false);
  });

  it('E04: takes one whole bearer token and nothing else', () => {
    expect(guard.hasBearer(request({ authorization: `Bearer ${token}` }))).toBe(true);
    for (const authorization of [
      '',
      'Bearer ',
      `Bearer ${token}x`,
      `Bearer ${token.slice(1)}`,
      `Basic ${token}`,
      token,
    ]) {
      expect(guard.hasBearer(request({ authorization }))).toBe(false);
    }
    expect(guard.hasBearer(request({ authorization: [`Bearer ${token}`, `Bearer ${token}`] }))).toBe(false);
    expect(guard.hasBearer(request({ cookie: `token=${token}` }))).toBe(false);
  });

  it('takes the token of a browser’s WebSocket from its subprotocols', () => {
    const protocols = (text: string): boolean =>
      guard.hasBearerProtocol(request({ 'sec-websocket-protocol': text }));
    expect(protocols(`patchbay.v1, bearer.${token}`)).toBe(true);
    expect(protocols('patchbay.v1')).toBe(false);
    expect(protocols(`patchbay.v1, bearer.${token}x`)).toBe(false);
  });
});
