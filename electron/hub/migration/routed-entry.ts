/** What a routed entry says about itself. */
export interface RoutedEntry {
  client: string;
  /** Name in the catalog. */
  server: string;
  command: string;
  args: readonly string[];
  /** Index in the entry's `args` of the original command. */
  commandIndex: number;
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
  const shim = args.findIndex((arg) => /(^|[/\\])shim\.cjs$/.test(arg));
  if (shim === -1) return null;
  const split = args.indexOf('--', shim);
  const options = new Map<string, string>();
  for (let index = shim + 1; index < split; index += 2) {
    const name = args[index]!;
    const value = args[index + 1]!;
    if (!name.startsWith('--') || index + 1 >= split) return null;
    options.set(name, value);
  }
  const client = options.get('--client');
  const server = options.get('--server');
  const command = args[split + 1];
  if (split === -1 || !client || !server || !command) return null;
  return { client, server, command, args: args.slice(split + 2), commandIndex: split + 1 };
}

/** Whether an entry starts our shim. */
export const isRoutedEntry = (entry: StartOfServer): boolean => readRoutedEntry(entry) !== null;

/** The command a routed entry had before; null for any other entry. */
export function originalOf(entry: StartOfServer): { command: string; args: readonly string[] } | null {
  const routed = readRoutedEntry(entry);
  return routed && { command: routed.command, args: routed.args };
}
