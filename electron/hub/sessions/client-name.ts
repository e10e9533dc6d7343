import type { IncomingMessage } from 'node:http';

const MAX_KNOWN = 64;
const known = new Map<string, string>();

/** For the log only; it grants nothing. `claude-code/2.1.329 (sdk-cli)` becomes `claude-code`. */
export function clientName({ headers }: IncomingMessage): string {
  const agent = headers['user-agent'];
  if (agent === undefined) return 'http';
  let name = known.get(agent);
  if (name !== undefined) return name;
  name = /^[A-Za-z0-9_-]{1,64}/.exec(agent)?.[0] ?? 'http';
  if (known.size < MAX_KNOWN) known.set(agent, name);
  return name;
}
