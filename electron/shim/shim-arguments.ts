/** The shim's command line: `--client ID --server NAME -- COMMAND ARGS…`. */
export interface ShimArguments {
  client: string;
  server: string;
  command: string;
  args: string[];
}

/** Throws an Error with one plain sentence when the entry was mangled. */
export function parseShimArguments(argv: readonly string[]): ShimArguments {
  const split = argv.indexOf('--');
  if (split === -1) throw new Error('The original command is missing: expected "--" followed by it.');
  const options = new Map<string, string>();
  // An AppImage's launcher puts this switch before the script, where Node refuses it, unless it stands behind it.
  const own = argv.slice(0, split).filter((word) => word !== '--no-sandbox');
  for (let index = 0; index < own.length; index += 2) {
    const name = own[index]!;
    const value = own[index + 1];
    if (!name.startsWith('--') || value === undefined) {
      throw new Error(`Unexpected argument ${JSON.stringify(name)} before "--".`);
    }
    options.set(name, value);
  }
  const client = options.get('--client');
  const server = options.get('--server');
  const [command, ...args] = argv.slice(split + 1);
  if (!client || !server) throw new Error('Both --client and --server are needed before "--".');
  if (!command) throw new Error('There is no command after "--".');
  return { client, server, command, args };
}
