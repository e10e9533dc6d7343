import { parseSecretsOption } from '../hub/migration/secrets-option.ts';

/** The server as the client had it before; what a bypass runs. */
export interface OriginalServer {
  command: string;
  args: string[];
}

/**
 * The shim's command line: `--client ID --server NAME [--secrets NAME=SECRET,…] -- COMMAND ARGS…`, or
 * `--client ID --server NAME --remote TYPE` in place of a remote server, whose address stays in the entry.
 */
export interface ShimArguments {
  client: string;
  /** A server of the catalog, `*` for all of them, or `profiles/NAME`. */
  server: string;
  /** Null where no single server stands behind the entry: nothing can run in the hub's place. */
  original: OriginalServer | null;
  /** Variables whose values are in the secret store, with their names there. */
  secrets: ReadonlyMap<string, string>;
}

/** Throws an Error with one plain sentence when the entry was mangled. */
export function parseShimArguments(argv: readonly string[]): ShimArguments {
  const split = argv.indexOf('--');
  const options = readOptions(split === -1 ? argv : argv.slice(0, split));
  const client = options.get('--client');
  const server = options.get('--server');
  if (!client || !server) throw new Error('Both --client and --server are needed.');
  const option = options.get('--secrets');
  const secrets = option === undefined ? new Map<string, string>() : parseSecretsOption(option);
  if (split !== -1) {
    const [command, ...args] = argv.slice(split + 1);
    if (!command) throw new Error('There is no command after "--".');
    return { client, server, original: { command, args }, secrets };
  }
  if (server !== '*' && !server.startsWith('profiles/') && !options.has('--remote')) {
    throw new Error('The original command is missing: expected "--" followed by it.');
  }
  return { client, server, original: null, secrets };
}

function readOptions(words: readonly string[]): Map<string, string> {
  const options = new Map<string, string>();
  // An AppImage's launcher puts this switch before the script, where Node refuses it, unless it stands behind it.
  const own = words.filter((word) => word !== '--no-sandbox');
  for (let index = 0; index < own.length; index += 2) {
    const name = own[index]!;
    const value = own[index + 1];
    if (!name.startsWith('--') || value === undefined) {
      throw new Error(`Unexpected argument ${JSON.stringify(name)} before "--".`);
    }
    options.set(name, value);
  }
  return options;
}
