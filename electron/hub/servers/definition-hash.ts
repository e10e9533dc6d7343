import { createHash } from 'node:crypto';
import type { ServerDefinition } from '../../../shared/model/server.ts';

/**
 * SHA-256 of what makes a definition: command, args and env, whatever the order of the env keys. Equal hashes mean
 * that nobody has edited an imported definition.
 */
export function definitionHash({
  command,
  args,
  env,
}: Pick<ServerDefinition, 'command' | 'args' | 'env'>): string {
  const sorted = Object.entries(env ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([command ?? null, args ?? [], sorted]))
    .digest('hex');
}
