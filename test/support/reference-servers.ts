import path from 'node:path';
import { projectRoot } from './cli.ts';

/** The MCP project's own example servers, as installed from npm: real servers, not fixtures of ours. */
export type ReferenceServer = 'everything' | 'filesystem' | 'memory';

/** Command line of a reference server; `args` follow its script. */
export function referenceServer(name: ReferenceServer, ...args: string[]): string[] {
  const folder = path.join(projectRoot, 'node_modules', '@modelcontextprotocol', `server-${name}`);
  return ['node', path.join(folder, 'dist', 'index.js'), ...args];
}
