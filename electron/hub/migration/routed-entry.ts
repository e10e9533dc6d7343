/** Name of the entry that stands for all servers in merged mode. */
export const GATEWAY_NAME = 'patchbay';

/** What a routed entry says about itself. */
export interface RoutedEntry {
  client: string;
  /** Name in the catalog. */
  server: string;
  command: string;
  args: readonly string[];
  /** Index in the entry's `args` of the original command. */
  commandIndex: number;
  /** `NAME=SECRET,…` where values of it are in the secret store; else null. */
  secrets: string | null;
}

interface StartOfServer {
  command: string;
  args: readonly string[];
}

/**
 * Reads `… <any folder>/shim.cjs --client ID --server NAME -- COMMAND ARGS…`; null when the entry has another shape.
 * The folder does not count: an entry whose shim has moved, or belongs to another data folder, is routed too.
 */
export function readRoutedEntry({ args }: StartOfServer): RoutedEntry | null {
  const shim = args.findIndex(isShim);
  if (shim === -1) return null;
  const split = args.indexOf('--', shim);
  const options = new Map<string, string>();
  const words = ownWords(args.slice(shim + 1, split));
  for (let index = 0; index < words.length; index += 2) {
    const name = words[index]!;
    const value = words[index + 1];
    if (!name.startsWith('--') || value === undefined) return null;
    options.set(name, value);
  }
  const client = options.get('--client');
  const server = options.get('--server');
  const command = args[split + 1];
  const secrets = options.get('--secrets') ?? null;
  if (split === -1 || !client || !server || !command) return null;
  return { client, server, command, args: args.slice(split + 2), commandIndex: split + 1, secrets };
}

/** Without the switch that stands behind the shim for the launcher of an AppImage. */
const ownWords = (words: readonly string[]): string[] => words.filter((word) => word !== '--no-sandbox');

const isShim = (arg: string): boolean => /(^|[/\\])shim\.cjs$/.test(arg);

/** Whether an entry starts our shim. */
export const isRoutedEntry = (entry: StartOfServer): boolean => readRoutedEntry(entry) !== null;

/** The command a routed entry had before; null for any other entry. */
export function originalOf(entry: StartOfServer): { command: string; args: readonly string[] } | null {
  const routed = readRoutedEntry(entry);
  return routed && { command: routed.command, args: routed.args };
}

/** How an entry leads to the hub. */
export type Route =
  /** Our shim, with the original command behind it. */
  | { way: 'shim'; server: string }
  /** A URL of the hub, with the original command kept beside it. */
  | { way: 'http'; server: string }
  /** Our shim in place of a remote server. `type` is the entry's own, null when it had none. */
  | { way: 'remote'; server: string; type: string | null }
  /** Every server of the catalog. */
  | { way: 'gateway'; server: '*' };

/** Reads from an entry's own fields how it leads to the hub; null when it does not. */
export function readRoute(entry: {
  /** The command in it, also where the client does not read that. */
  stdio: StartOfServer | null;
  url: string | null;
  /** Whether the client starts the command. */
  isStdio: boolean;
  name: string;
}): Route | null {
  const { stdio, url, isStdio, name } = entry;
  if (!isStdio) {
    const path = url === null ? null : HUB_URL.exec(url);
    if (!path) return null;
    // Other programs serve at such a URL too: only under our name it is ours.
    if (path[1] === undefined) return name === GATEWAY_NAME ? { way: 'gateway', server: '*' } : null;
    // Without its own command it is an entry that a person wrote: there is nothing to put back.
    return stdio && { way: 'http', server: decodedName(path[1]) };
  }
  if (!stdio) return null;
  const routed = readRoutedEntry(stdio);
  if (routed) return { way: 'shim', server: routed.server };
  const options = shimOptions(stdio.args);
  const server = options?.get('--server');
  if (!server || !options?.has('--client')) return null;
  if (server === '*') return { way: 'gateway', server };
  const type = options.get('--remote');
  return type === undefined ? null : { way: 'remote', server, type: type === 'none' ? null : type };
}

const HUB_URL = /^http:\/\/(?:127\.0\.0\.1|localhost):\d+(?:\/servers\/([^/?#]+))?\/mcp$/;

function decodedName(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}

/** The options behind our shim where no command follows; null when there is one, or no shim. */
function shimOptions(args: readonly string[]): Map<string, string> | null {
  const shim = args.findIndex(isShim);
  if (shim === -1 || args.includes('--')) return null;
  const words = ownWords(args.slice(shim + 1));
  const options = new Map<string, string>();
  for (let index = 0; index + 1 < words.length; index += 2) options.set(words[index]!, words[index + 1]!);
  return options;
}
