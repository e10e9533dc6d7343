import { readServerJson, splitCommandLine, type TypedServer } from '../../lib/command-line.ts';
import { messages } from '../../messages/messages.ts';

const text = messages.servers;

/** The ways to describe a server. */
export const ADD_FORMS = ['command', 'url', 'json'] as const;
export type AddForm = (typeof ADD_FORMS)[number];

export const REMOTE_TRANSPORTS = ['auto', 'http', 'sse'] as const;
export type RemoteTransport = (typeof REMOTE_TRANSPORTS)[number];

/** What is typed into the dialog. */
export interface AddDraft {
  form: AddForm;
  name: string;
  commandLine: string;
  /** `NAME=VALUE`, one per line. */
  env: string;
  cwd: string;
  url: string;
  /** `auto` finds out by asking. */
  transport: RemoteTransport;
  /** `Name: value`, one per line. */
  headers: string;
  json: string;
}
export type AddField = 'name' | 'commandLine' | 'env' | 'url' | 'headers' | 'json';

export const EMPTY_DRAFT: AddDraft = {
  form: 'command',
  name: '',
  commandLine: '',
  env: '',
  cwd: '',
  url: '',
  transport: 'auto',
  headers: '',
  json: '',
};

/** A server, or the field that keeps it from being one and why. */
export type ReadServer =
  { server: TypedServer; problem: null } | { server: null; problem: { field: AddField; message: string } };

const wrong = (field: AddField, message: string): ReadServer => ({
  server: null,
  problem: { field, message },
});
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Reads the dialog's form; `takenNames` are those of the catalog. */
export function readAddDraft(draft: AddDraft, takenNames: readonly string[]): ReadServer {
  const read = { command: readCommand, url: readUrl, json: readJson }[draft.form](draft);
  if (!read.server) return read;
  if (read.server.name === '') return wrong('name', text.nameMissing);
  if (takenNames.includes(read.server.name)) return wrong('name', text.nameTaken);
  return read;
}

function readCommand({ name, commandLine, env, cwd }: AddDraft): ReadServer {
  let words: string[];
  try {
    words = splitCommandLine(commandLine);
  } catch (error) {
    return wrong('commandLine', messageOf(error));
  }
  const [command, ...args] = words;
  if (!command) return wrong('commandLine', text.commandMissing);
  const variables = readLines(env, /^([^=\s]+)=(.*)$/s);
  if ('line' in variables) return wrong('env', text.envWrong(variables.line));
  const folder = cwd.trim();
  return {
    server: {
      name: name.trim(),
      definition: {
        command,
        args,
        ...(variables.found && { env: variables.found }),
        ...(folder && { cwd: folder }),
      },
    },
    problem: null,
  };
}

function readUrl({ name, url, transport, headers }: AddDraft): ReadServer {
  const address = url.trim();
  if (!/^https?:\/\/[^/\s]/i.test(address) || !URL.canParse(address)) return wrong('url', text.urlWrong);
  // RFC 9110 5.6.2: what a header may be called.
  const given = readLines(headers, /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):\s*(.*)$/s);
  if ('line' in given) return wrong('headers', text.headersWrong(given.line));
  return {
    server: {
      name: name.trim(),
      definition: {
        ...(transport !== 'auto' && { type: transport }),
        url: address,
        ...(given.found && { headers: given.found }),
      },
    },
    problem: null,
  };
}

function readJson({ name, json }: AddDraft): ReadServer {
  try {
    return { server: readServerJson(json, name), problem: null };
  } catch (error) {
    return wrong('json', messageOf(error));
  }
}

/** One pair per line; the first line that is none, counted from 1. */
function readLines(lines: string, pair: RegExp): { found: Record<string, string> | null } | { line: number } {
  const found = new Map<string, string>();
  for (const [index, line] of lines.split('\n').entries()) {
    if (line.trim() === '') continue;
    const match = pair.exec(line.trim());
    if (!match) return { line: index + 1 };
    found.set(match[1]!, match[2]!);
  }
  return { found: found.size > 0 ? Object.fromEntries(found) : null };
}
