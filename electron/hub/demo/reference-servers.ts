import { existsSync } from 'node:fs';
import path from 'node:path';
import { PatchbayError } from '../../../shared/model/error.ts';

/** The MCP project's own example servers: real servers, which the demo borrows from the development install. */
export interface ReferenceServers {
  everything: string;
  filesystem: string;
  memory: string;
}

/** Scripts of the reference servers below `projectRoot`. Throws NOT_SUPPORTED where they are not installed. */
export function findReferenceServers(projectRoot: string): ReferenceServers {
  const script = (name: string): string => {
    const folder = path.join(projectRoot, 'node_modules', '@modelcontextprotocol', `server-${name}`);
    const file = path.join(folder, 'dist', 'index.js');
    if (existsSync(file)) return file;
    throw new PatchbayError(
      'NOT_SUPPORTED',
      `The demo needs the example server "${name}", which is not here.`,
      {
        path: file,
        hint: 'Run "npm ci" in the project folder, then: npm run demo',
      },
    );
  };
  return {
    everything: script('everything'),
    filesystem: script('filesystem'),
    memory: script('memory'),
  };
}
