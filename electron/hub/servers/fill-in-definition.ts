import path from 'node:path';
import { PatchbayError } from '../../../shared/model/error.ts';
import type { ServerDefinition } from '../../../shared/model/server.ts';
import type { Launch } from '../supervisor/spawn-server.ts';
import { resolveVariables, type VariableSources } from './resolve-variables.ts';

/** What a launch starts from, before the definition has its say. */
export interface LaunchBase {
  /** What the child gets besides the definition's own variables. */
  env: Readonly<Record<string, string>>;
  /** Where `${VAR}` is looked up. */
  variables: Readonly<Record<string, string | undefined>>;
  cwd: string;
}

/** All texts of a definition with a command in which forms are filled in. */
export const launchTexts = ({ command, args, env, cwd }: ServerDefinition): string[] =>
  [command, ...(args ?? []), ...Object.values(env ?? {}), cwd].filter((text) => text !== undefined);

/** The launch of a definition with a command. Throws NOT_SUPPORTED (no command) or VARIABLE_MISSING. */
export function fillInLaunch(
  name: string,
  definition: ServerDefinition,
  base: LaunchBase,
  sources: Omit<VariableSources, 'env'>,
): Launch {
  const { command, args = [], env = {}, cwd } = definition;
  if (command === undefined) {
    throw new PatchbayError('NOT_SUPPORTED', `The server ${name} is remote: there is nothing to start.`);
  }
  const fill = (text: string, part: string): string =>
    resolveVariables(text, { ...sources, env: base.variables }, `Server ${name}, ${part},`);
  return {
    command: fill(command, 'command'),
    args: args.map((arg, index) => fill(arg, `args[${index}]`)),
    cwd: cwd === undefined ? base.cwd : path.resolve(base.cwd, fill(cwd, 'cwd')),
    env: { ...base.env, ...fillEach(env, (text, key) => fill(text, `env.${key}`)) },
  };
}

/** A remote server with nothing left to resolve. */
export interface RemoteTarget {
  url: string;
  type: string | undefined;
  headers: Readonly<Record<string, string>>;
}

/** All texts of a definition with a URL in which forms are filled in. */
export const remoteTexts = ({ url = '', headers = {} }: ServerDefinition): string[] => [
  url,
  ...Object.values(headers),
];

/** Where a definition with a URL leads. Throws VARIABLE_MISSING. */
export function fillInRemote(
  name: string,
  { url = '', type, headers = {} }: ServerDefinition,
  sources: VariableSources,
): RemoteTarget {
  const fill = (text: string, part: string): string =>
    resolveVariables(text, sources, `Server ${name}, ${part},`);
  return {
    url: fill(url, 'url'),
    type,
    headers: fillEach(headers, (text, key) => fill(text, `headers.${key}`)),
  };
}

const fillEach = (
  texts: Readonly<Record<string, string>>,
  fill: (text: string, key: string) => string,
): Record<string, string> =>
  Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, fill(text, key)]));
