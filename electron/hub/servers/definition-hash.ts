import { createHash } from 'node:crypto';
import type { ServerDefinition } from '../../../shared/model/server.ts';

/**
 * SHA-256 of what makes a definition: command, args and env, and for a remote one its address and headers, whatever the
 * order of keys. Equal hashes mean that nobody has edited an imported definition.
 */
export function definitionHash({
  command,
  args,
  env,
  url,
  type,
  headers,
}: Pick<ServerDefinition, 'command' | 'args' | 'env' | 'url' | 'type' | 'headers'>): string {
  const remote = url === undefined ? [] : [url, type ?? null, sorted(headers)];
  return createHash('sha256')
    .update(JSON.stringify([command ?? null, args ?? [], sorted(env), ...remote]))
    .digest('hex');
}

const sorted = (record: Readonly<Record<string, string>> = {}): [string, string][] =>
  Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
