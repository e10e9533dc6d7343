import { z } from 'zod';
import type { ServerDefinition } from '../../../../shared/model/server.ts';
import { readRoute } from '../routed-entry.ts';

/** A server that a file declares, as our catalog would hold it. */
export interface FoundServer {
  name: string;
  /** Where in the file, such as `mcpServers` or `projects./home/ada/work.mcpServers`. */
  place: string;
  definition: ServerDefinition;
  /** What was not taken over, or has to be done before it can start. */
  notes: string[];
}

/** An entry that is no server for us, and why. */
export interface PassedOver {
  name: string;
  place: string;
  reason: string;
}

/** All that a file has to offer. */
export interface ImportContent {
  /** What the file was taken for, in words. */
  format: string;
  found: FoundServer[];
  passedOver: PassedOver[];
}

const Text = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const Texts = z.record(z.string(), Text.nullable());

/** The fields that programs use for one and the same thing. Everything else is passed over. */
const Declared = z.looseObject({
  command: z.union([z.string(), z.array(z.string()).min(1)]).nullish(),
  args: z.array(Text).nullish(),
  env: Texts.nullish(),
  environment: Texts.nullish(),
  cwd: z.string().nullish(),
  url: z.string().nullish(),
  serverUrl: z.string().nullish(),
  httpUrl: z.string().nullish(),
  type: z.string().nullish(),
  transport: z.string().nullish(),
  headers: Texts.nullish(),
  bearerToken: z.string().nullish(),
  enabled: z.boolean().nullish(),
  disabled: z.boolean().nullish(),
  disabledTools: z.array(z.string()).nullish(),
});
type Declared = z.infer<typeof Declared>;

/** One entry of a table or list of servers; `place` is where it stands. */
export function readDeclared(name: string, value: unknown, place: string): FoundServer | PassedOver {
  const pass = (reason: string): PassedOver => ({ name, place, reason });
  if (name === '') return pass('It has no name.');
  const parsed = Declared.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return pass(`Its ${issue?.path.join('.') || 'shape'} is not one of a server: ${issue?.message ?? ''}.`);
  }
  const declared = parsed.data;
  const kind = kindOf(declared);
  if (kind === null)
    return pass(`Its type ${JSON.stringify(declared.type ?? declared.transport)} is unknown.`);
  const notes: string[] = [];
  const definition = kind === 'stdio' ? launchOf(declared) : remoteOf(declared, kind);
  if (!definition) return pass('It has neither a command nor a URL.');
  if (isOurs(name, definition)) return pass('It goes through Patchbay already.');
  if (declared.enabled === false || declared.disabled === true) {
    definition.enabled = false;
    notes.push('It is switched off there, so it stays switched off.');
  }
  if (declared.disabledTools?.length) definition.tools = { deny: [...declared.disabledTools] };
  return { name, place, definition, notes };
}

/** Sorts what `readDeclared` gave into the two lists of an import. */
export function sortedOut(format: string, entries: readonly (FoundServer | PassedOver)[]): ImportContent {
  return {
    format,
    found: entries.filter((entry) => 'definition' in entry),
    passedOver: entries.filter((entry) => 'reason' in entry),
  };
}

type Kind = 'stdio' | 'http' | 'sse';

const KINDS: Readonly<Record<string, Kind>> = {
  stdio: 'stdio',
  std: 'stdio',
  local: 'stdio',
  custom: 'stdio',
  http: 'http',
  remote: 'http',
  streamablehttp: 'http',
  sse: 'sse',
};

function kindOf(declared: Declared): Kind | null {
  const given = declared.type ?? declared.transport;
  if (given) {
    const kind = KINDS[given.toLowerCase().replace(/[-_ ]/g, '')] ?? null;
    // Several programs write `remote` and mean whatever the URL answers with.
    return kind === 'http' && declared.command && !urlOf(declared) ? 'stdio' : kind;
  }
  return declared.command ? 'stdio' : 'http';
}

const urlOf = ({ url, serverUrl, httpUrl }: Declared): string | undefined =>
  url ?? serverUrl ?? httpUrl ?? undefined;

function launchOf({ command, args, env, environment, cwd }: Declared): ServerDefinition | null {
  const words = typeof command === 'string' ? [command] : (command ?? []);
  const [program, ...rest] = words;
  if (!program) return null;
  const all = [...rest, ...(args ?? [])];
  const variables = textsOf(env ?? environment);
  return {
    command: program,
    ...(all.length > 0 && { args: all }),
    ...(variables && { env: variables }),
    ...(cwd && { cwd }),
  };
}

function remoteOf(declared: Declared, type: 'http' | 'sse'): ServerDefinition | null {
  const url = urlOf(declared);
  if (!url) return null;
  const token = declared.bearerToken;
  const headers = textsOf({ ...(token && { Authorization: `Bearer ${token}` }), ...declared.headers });
  return { url, type, ...(headers && { headers }), isolation: 'client' };
}

/** Without what is null or empty. `fromEntries` makes own properties, whatever the names are. */
function textsOf(texts: Record<string, string | null> | null | undefined): Record<string, string> | null {
  const kept = Object.entries(texts ?? {}).filter((pair): pair is [string, string] => pair[1] !== null);
  return kept.length > 0 ? Object.fromEntries(kept) : null;
}

function isOurs(name: string, { command, args = [], url }: ServerDefinition): boolean {
  const stdio = command === undefined ? null : { command, args };
  return readRoute({ stdio, url: url ?? null, isStdio: stdio !== null, name }) !== null;
}
