import { PatchbayError } from '../../../../shared/model/error.ts';
import { parseJsonDocument } from '../../files/json-document.ts';
import { valueOf } from '../../files/json-node.ts';
import type { ImportContent } from './found-server.ts';
import { readDocker } from './read-docker.ts';
import { readMetaMcp } from './read-metamcp.ts';
import { isObject, readClientFile } from './read-tables.ts';
import { readVsCode } from './read-vscode.ts';

/** More than anybody has, and few enough to be looked through. */
const MAX_SERVERS = 2_000;

/** The narrower shapes first: a profile of Docker's has a list of `servers` too. */
const READERS = [readDocker, readMetaMcp, readVsCode, readClientFile];

/**
 * The servers that a file declares, whichever program wrote it. Comments and trailing commas are fine. Throws what
 * `parseJsonDocument` throws, and CONFIG_MALFORMED for a file that holds no servers in a form we know.
 */
export function readImport(bytes: Uint8Array, file: string): ImportContent {
  const root = parsed(bytes, file);
  if (isObject(root)) {
    for (const read of READERS) {
      const content = read(root);
      if (!content) continue;
      if (content.found.length + content.passedOver.length <= MAX_SERVERS) return content;
      throw new PatchbayError('CONFIG_TOO_LARGE', `${file} holds more than ${MAX_SERVERS} servers.`, {
        path: file,
      });
    }
  }
  throw new PatchbayError('CONFIG_MALFORMED', `${file} holds no servers in a form that Patchbay knows.`, {
    path: file,
    hint: 'Known are: mcpServers, a list of servers, mcp.json of VS Code, exports of MetaMCP and Docker MCP.',
  });
}

function parsed(bytes: Uint8Array, file: string): unknown {
  try {
    return valueOf(parseJsonDocument(bytes, file).root);
  } catch (error) {
    if (!(error instanceof PatchbayError) || error.code !== 'CONFIG_MALFORMED' || !looksLikeYaml(bytes))
      throw error;
    const hint =
      'Docker MCP writes JSON as well: docker mcp profile export NAME FILE.json, docker mcp catalog show NAME --format json';
    throw new PatchbayError('CONFIG_MALFORMED', `${file} looks like YAML; Patchbay reads JSON.`, {
      path: file,
      hint,
    });
  }
}

const looksLikeYaml = (bytes: Uint8Array): boolean =>
  /^\s*(#.*\n\s*)*(---|[A-Za-z_][\w-]*:(\s|$))/.test(Buffer.from(bytes.subarray(0, 4_096)).toString());
