import { z } from 'zod';
import { sortedOut, type FoundServer, type ImportContent, type PassedOver } from './found-server.ts';
import { isObject, type JsonObject } from './read-tables.ts';

const Pairs = z.array(
  z.looseObject({ name: z.string(), value: z.union([z.string(), z.number(), z.boolean()]).nullish() }),
);

/** A server as Docker's MCP gateway describes one: its "server entry specification". */
const DockerServer = z.looseObject({
  name: z.string().optional(),
  type: z.string().optional(),
  image: z.string().optional(),
  command: z.array(z.string()).nullish(),
  volumes: z.array(z.string()).nullish(),
  user: z.string().nullish(),
  disableNetwork: z.boolean().nullish(),
  allowHosts: z.array(z.string()).nullish(),
  extraHosts: z.array(z.string()).nullish(),
  env: Pairs.nullish(),
  secrets: z.array(z.looseObject({ name: z.string(), env: z.string() })).nullish(),
  oauth: z.looseObject({}).nullish(),
  remote: z
    .looseObject({
      url: z.string().optional(),
      transport_type: z.string().optional(),
      headers: z.record(z.string(), z.string()).nullish(),
    })
    .nullish(),
  sseEndpoint: z.string().nullish(),
});
type DockerServer = z.infer<typeof DockerServer>;

/**
 * Exports of Docker's MCP gateway, as JSON: a catalog (`registry` by name), a profile (`docker mcp profile export`) or
 * a catalog of its newer kind (`servers` with a snapshot each), or one server entry. Null for any other file.
 */
export function readDocker(root: JsonObject): ImportContent | null {
  if (isObject(root.registry)) {
    const entries = Object.entries(root.registry).map(([name, value]) =>
      readServer(name, value, { place: 'registry', config: {} }),
    );
    return sortedOut('a catalog of Docker MCP', entries);
  }
  const { servers } = root;
  if (Array.isArray(servers) && servers.length > 0 && servers.every(isProfileServer)) {
    return sortedOut('a profile of Docker MCP', servers.map(readProfileServer));
  }
  if (typeof root.name === 'string' && (typeof root.image === 'string' || isObject(root.remote))) {
    const entry = readServer(root.name, root, { place: 'the file', config: {} });
    return sortedOut('a server entry of Docker MCP', [entry]);
  }
  return null;
}

const isProfileServer = (value: unknown): value is JsonObject =>
  isObject(value) &&
  ['image', 'registry', 'remote'].includes(String(value.type)) &&
  value.command === undefined;

function readProfileServer(value: JsonObject, index: number): FoundServer | PassedOver {
  const place = `servers[${index}]`;
  const snapshot = isObject(value.snapshot) && isObject(value.snapshot.server) ? value.snapshot.server : null;
  const label = [value.image, value.source, value.endpoint].find((text) => typeof text === 'string') ?? '';
  if (!snapshot) {
    const reason = 'It names a registry entry and holds no description of the server itself.';
    return { name: label, place, reason };
  }
  const name = typeof snapshot.name === 'string' && snapshot.name !== '' ? snapshot.name : label;
  return readServer(name, snapshot, { place, config: isObject(value.config) ? value.config : {} });
}

function readServer(
  name: string,
  value: unknown,
  { place, config }: { place: string; config: JsonObject },
): FoundServer | PassedOver {
  const parsed = DockerServer.safeParse(value);
  if (!parsed.success || name === '')
    return { name, place, reason: 'It is not a server entry of Docker MCP.' };
  const server = parsed.data;
  const url = server.remote?.url ?? server.sseEndpoint;
  if (url) return remoteServer(name, url, { server, place });
  if (server.type === 'poci') return { name, place, reason: 'It starts one container for each call.' };
  if (!server.image) return { name, place, reason: 'It has neither an image nor a URL.' };
  return container(name, server, { place, config });
}

function remoteServer(
  name: string,
  url: string,
  { server, place }: { server: DockerServer; place: string },
): FoundServer {
  const type = server.sseEndpoint || server.remote?.transport_type === 'sse' ? 'sse' : 'http';
  const headers = Object.entries(server.remote?.headers ?? {}).map(([header, value]) => [
    header,
    (server.secrets ?? []).reduce(
      (text, secret) => text.replaceAll(`\${${secret.env}}`, `\${secret:${secretName(secret.name)}}`),
      value,
    ),
  ]);
  return {
    name,
    place,
    definition: {
      url,
      type,
      ...(headers.length > 0 && { headers: Object.fromEntries(headers) as Record<string, string> }),
      isolation: 'client',
    },
    notes: [
      ...secretNotes(server),
      ...(server.oauth ? [`It wants a login: patchbay servers login ${name}`] : []),
    ],
  };
}

/** What the gateway would start, as a command line of `docker`. */
function container(
  name: string,
  server: DockerServer,
  { place, config }: { place: string; config: JsonObject },
): FoundServer {
  const open = new Set<string>();
  const fill = (text: string): string =>
    text.replace(/\{\{\s*([^}|\s]+)[^}]*\}\}/g, (whole, path: string) => {
      const value = lookUp(config, path.startsWith(`${name}.`) ? path.slice(name.length + 1) : path);
      if (value !== null) return value;
      open.add(path);
      return whole;
    });
  const secrets = (server.secrets ?? []).map(({ name: secret, env }): [string, string] => [
    env,
    `\${secret:${secretName(secret)}}`,
  ]);
  const settings = (server.env ?? []).map((pair): [string, string] => [
    pair.name,
    fill(String(pair.value ?? '')),
  ]);
  const env = [...settings, ...secrets];
  const args = [
    'run',
    '-i',
    '--rm',
    '--init',
    ...(server.disableNetwork ? ['--network', 'none'] : []),
    ...(server.user ? ['-u', fill(server.user)] : []),
    // By name only: the values stay out of the command line, which everyone on the machine can see.
    ...env.flatMap(([variable]) => ['-e', variable]),
    ...(server.volumes ?? []).flatMap((volume) => ['-v', fill(volume)]),
    ...(server.extraHosts ?? []).flatMap((host) => ['--add-host', fill(host)]),
    server.image!,
    ...(server.command ?? []).map(fill),
  ];
  const notes = secretNotes(server);
  for (const path of open) notes.push(`It needs a setting: put a value in place of {{${path}}}.`);
  if (server.allowHosts?.length) {
    notes.push(
      `Docker's gateway let it reach ${server.allowHosts.join(', ')} only; started directly it is free.`,
    );
  }
  return {
    name,
    place,
    definition: {
      command: 'docker',
      args,
      ...(env.length > 0 && { env: Object.fromEntries(env) }),
      ...(open.size > 0 && { enabled: false }),
    },
    notes,
  };
}

const secretName = (name: string): string => name.replace(/[^A-Za-z0-9_.-]/g, '-').slice(0, 128);

const secretNotes = ({ secrets }: DockerServer): string[] =>
  (secrets ?? []).map(({ name }) => `It asks for a secret: patchbay secrets set ${secretName(name)}`);

/** A value of the profile's settings by `a.b.c`; null when there is none, or when it is no single text. */
function lookUp(config: JsonObject, path: string): string | null {
  let value: unknown = config;
  for (const key of path.split('.'))
    value = isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  return ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : null;
}
