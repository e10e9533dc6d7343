import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { RPC_TOKEN_PREFIX } from '../../../shared/contract/desktop-bridge.ts';

/** Checks made before anything of a request is used. Exact matches only: no prefixes, no wildcards (E01, E02). */
export interface HttpGuard {
  /** The page's own address, or no page at all. */
  isHostAllowed(request: IncomingMessage): boolean;
  isOriginAllowed(request: IncomingMessage): boolean;
  /** `Authorization: Bearer …`, once. Tokens in URLs and cookies do not count (E04). */
  hasBearer(request: IncomingMessage): boolean;
  /** A browser cannot set headers on a WebSocket: the token comes as a subprotocol. */
  hasBearerProtocol(request: IncomingMessage): boolean;
}

export function createHttpGuard(port: number, token: string): HttpGuard {
  const hosts = new Set([`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`]);
  const expected = digest(token);
  const isToken = (candidate: string): boolean => timingSafeEqual(digest(candidate), expected);
  return {
    isHostAllowed: ({ headers, rawHeaders }) =>
      hosts.has(headers.host ?? '') && count(rawHeaders, 'host') === 1,
    isOriginAllowed: ({ headers }) =>
      headers.origin === undefined || hosts.has(withoutScheme(headers.origin)),
    hasBearer({ headers, rawHeaders }) {
      const match = /^Bearer ([^\s,]+)$/.exec(headers.authorization ?? '');
      return match !== null && count(rawHeaders, 'authorization') === 1 && isToken(match[1]!);
    },
    hasBearerProtocol({ headers }) {
      const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
      const candidate = offered.find((name) => name.startsWith(RPC_TOKEN_PREFIX));
      return candidate !== undefined && isToken(candidate.slice(RPC_TOKEN_PREFIX.length));
    },
  };
}

// Hashing first makes the lengths equal, which the constant-time compare needs (E05).
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

const withoutScheme = (origin: string): string =>
  origin.startsWith('http://') ? origin.slice('http://'.length) : '';

function count(rawHeaders: readonly string[], name: string): number {
  return rawHeaders.filter((header, index) => index % 2 === 0 && header.toLowerCase() === name).length;
}
