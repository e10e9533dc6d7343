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

/** Spellings of the one good header that are remembered: `Bearer x` has few. */
const MAX_KNOWN_GOOD = 8;

export function createHttpGuard(port: number, token: string): HttpGuard {
  const hosts = new Set([`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`]);
  const expected = digest(token);
  const isToken = (candidate: string): boolean => timingSafeEqual(digest(candidate), expected);
  // A client sends the same header with every call: hashed once, then known. Only headers that were right are kept, so
  // nobody can fill this, and whoever guesses is always answered by the constant-time way (E05).
  const knownGood = new Set<string>();
  return {
    isHostAllowed: ({ headers, rawHeaders }) => hosts.has(headers.host ?? '') && isOnce(rawHeaders, 'host'),
    isOriginAllowed: ({ headers }) =>
      headers.origin === undefined || hosts.has(withoutScheme(headers.origin)),
    hasBearer({ headers, rawHeaders }) {
      const { authorization } = headers;
      if (authorization === undefined || !isOnce(rawHeaders, 'authorization')) return false;
      if (knownGood.has(authorization)) return true;
      const match = /^Bearer ([^\s,]+)$/.exec(authorization);
      if (match === null || !isToken(match[1]!)) return false;
      if (knownGood.size < MAX_KNOWN_GOOD) knownGood.add(authorization);
      return true;
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

/** `headers` hides a second one of these. Most names differ in length, so few are looked at. */
function isOnce(rawHeaders: readonly string[], name: string): boolean {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const header = rawHeaders[index]!;
    if (header.length === name.length && (header === name || header.toLowerCase() === name)) count += 1;
  }
  return count === 1;
}
