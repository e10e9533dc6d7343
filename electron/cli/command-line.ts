import { parseArgs, type ParseArgsConfig } from 'node:util';
import { PatchbayError } from '../../shared/model/error.ts';

/** What every command may be given, and what the rest of the line was. */
export interface CommandLine {
  command: string;
  words: string[];
  json: boolean;
  dataDir: string | undefined;
  flags: ReadonlyMap<string, string | boolean | string[]>;
}

const OPTIONS = {
  json: { type: 'boolean' },
  'data-dir': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
  port: { type: 'string' },
  open: { type: 'boolean' },
  background: { type: 'boolean' },
  watchdog: { type: 'boolean' },
  log: { type: 'string' },
  'log-level': { type: 'string' },
  client: { type: 'string', multiple: true },
  mode: { type: 'string' },
  transport: { type: 'string' },
  yes: { type: 'boolean' },
  'no-witness': { type: 'boolean' },
  'no-restart': { type: 'boolean' },
  projects: { type: 'boolean' },
  remotes: { type: 'boolean' },
  'rewrite-rules': { type: 'boolean' },
  'move-secrets': { type: 'string', multiple: true },
  'remove-secrets': { type: 'boolean' },
  report: { type: 'string' },
  'slower-percent': { type: 'string' },
  'slower-ms': { type: 'string' },
  migration: { type: 'string' },
  all: { type: 'boolean' },
  'dry-run': { type: 'boolean' },
  'keep-data': { type: 'boolean' },
  force: { type: 'boolean' },
  follow: { type: 'boolean' },
  filter: { type: 'string' },
  limit: { type: 'string' },
  export: { type: 'string' },
  out: { type: 'string' },
  saved: { type: 'string' },
  'send-spans': { type: 'string' },
  params: { type: 'string' },
  since: { type: 'string' },
  once: { type: 'boolean' },
  accept: { type: 'boolean' },
  env: { type: 'string', multiple: true },
  cwd: { type: 'string' },
} satisfies ParseArgsConfig['options'];

/** What may be chosen about a migration, planned or done. */
const CHOICES = [
  'client',
  'mode',
  'transport',
  'projects',
  'remotes',
  'rewrite-rules',
  'move-secrets',
  'no-restart',
] as const;

/** Which options a command takes, besides --json, --data-dir and --help. Anything else is a usage error. */
const TAKEN: Record<string, readonly string[]> = {
  serve: ['port', 'open', 'background', 'watchdog', 'log', 'log-level'],
  desktop: [],
  status: [],
  clients: [],
  plan: [...CHOICES],
  migrate: [...CHOICES, 'yes', 'no-witness', 'report', 'slower-percent', 'slower-ms'],
  verify: ['client', 'report', 'slower-percent', 'slower-ms'],
  rollback: ['client', 'migration', 'all', 'dry-run', 'remove-secrets'],
  history: [],
  configs: ['dry-run', 'yes'],
  guardian: ['dry-run', 'yes'],
  servers: ['env', 'cwd', 'open', 'dry-run', 'accept'],
  uninstall: ['dry-run', 'yes', 'keep-data', 'force'],
  sessions: [],
  sharing: [],
  secrets: [],
  logs: ['follow', 'filter', 'saved', 'limit', 'export', 'out', 'send-spans', 'open'],
  stats: ['filter', 'saved', 'since'],
  filters: [],
  alerts: [],
  replay: ['params'],
  demo: ['once'],
  help: [],
};

export const COMMANDS = Object.keys(TAKEN);

/** Throws USAGE with what is wrong and what is possible. */
export function parseCommandLine(argv: readonly string[]): CommandLine {
  let parsed;
  try {
    parsed = parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true, strict: true });
  } catch (error) {
    throw usage((error as Error).message);
  }
  const { values, positionals } = parsed;
  const [word, ...words] = positionals;
  if (values.version) return line('version', [], values);
  if (word === undefined || values.help) return line('help', word === undefined ? [] : [word], values);
  const taken = TAKEN[word];
  if (!taken) throw usage(`There is no command ${JSON.stringify(word)}.`);
  for (const name of Object.keys(values)) {
    if (name === 'json' || name === 'data-dir' || taken.includes(name)) continue;
    throw usage(`${word} takes no option --${name}.`);
  }
  return line(word, words, values);
}

function line(command: string, words: string[], values: Record<string, unknown>): CommandLine {
  const flags = new Map(Object.entries(values)) as Map<string, string | boolean | string[]>;
  return {
    command,
    words,
    json: values.json === true,
    dataDir: values['data-dir'] as string | undefined,
    flags,
  };
}

export const text = ({ flags }: CommandLine, name: string): string | undefined => {
  const value = flags.get(name);
  return typeof value === 'string' ? value : undefined;
};

export const isSet = ({ flags }: CommandLine, name: string): boolean => flags.get(name) === true;

/** A whole number within bounds. Throws USAGE. */
export function wholeNumber(
  line: CommandLine,
  name: string,
  bounds: { min: number; max: number },
): number | undefined {
  const given = text(line, name);
  if (given === undefined) return undefined;
  const value = Number(given);
  if (!/^\d+$/.test(given) || value < bounds.min || value > bounds.max) {
    throw usage(`--${name} takes a whole number from ${bounds.min} to ${bounds.max}.`);
  }
  return value;
}

/** `90s`, `15m`, `1h`, `7d` in milliseconds. Throws USAGE. */
export function duration(line: CommandLine, name: string): number | undefined {
  const given = text(line, name);
  if (given === undefined) return undefined;
  const match = /^(\d{1,6})(s|m|h|d)$/.exec(given);
  if (!match) throw usage(`--${name} takes a time such as 90s, 15m, 1h or 7d.`);
  const unit = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }[match[2] as 's' | 'm' | 'h' | 'd'];
  return Number(match[1]) * unit;
}

export const usage = (message: string): PatchbayError =>
  new PatchbayError('USAGE', message, { hint: 'See: patchbay help' });
