import { fitsWildcard } from './wildcard.ts';

/**
 * Whether a URL is one of those a pattern of a policy names, as Claude Code compares them: `*` stands for any text,
 * scheme, host and port count, letters of the host in either case; a pattern without a path names every path.
 */
export function urlMatches(url: string, pattern: string): boolean {
  if (pattern === '*') return true;
  if (!URL.canParse(url)) return false;
  const given = new URL(url);
  const parts = /^([a-z*][a-z0-9+.*-]*):\/\/([^/?#]*)(.*)$/is.exec(pattern);
  if (!parts)
    return fitsWildcard(`${given.protocol}//${given.host}${given.pathname}${given.search}`, pattern);
  const [, scheme, authority, rest] = parts as unknown as [string, string, string, string];
  if (scheme !== '*' && `${scheme.toLowerCase()}:` !== given.protocol) return false;
  const host = /^(.*?)(?::([\d*]+))?$/.exec(authority.replace(/^[^@]*@/, ''))!;
  if (!fitsWildcard(given.hostname.replace(/\.$/, ''), host[1]!.toLowerCase().replace(/\.$/, '')))
    return false;
  const port = host[2] ?? (host[1]!.includes('*') ? '*' : '');
  const isDefault = port === DEFAULT_PORTS[given.protocol];
  if (port !== '*' && port !== given.port && !(isDefault && given.port === '')) return false;
  return rest === '' || fitsWildcard(given.pathname + given.search, rest);
}

const DEFAULT_PORTS: Readonly<Record<string, string>> = {
  'http:': '80',
  'https:': '443',
  'ws:': '80',
  'wss:': '443',
};
