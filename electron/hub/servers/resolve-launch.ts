import path from 'node:path';
import { PatchbayError } from '../../../shared/model/error.ts';
import type { ServerDefinition } from '../../../shared/model/server.ts';
import type { Platform } from '../data-folder.ts';
import { inheritedEnvironment } from '../inherited-environment.ts';
import type { ShimHello } from '../sessions/shim-protocol.ts';
import type { Launch } from '../supervisor/spawn-server.ts';
import type { Catalog } from './catalog-parse.ts';
import { definitionHash } from './definition-hash.ts';
import { resolveVariables } from './resolve-variables.ts';

/** Decides what is really run for a session. */
export interface LaunchResolver {
  /** Throws SERVER_DISABLED or VARIABLE_MISSING. */
  forShim(hello: ShimHello): Launch;
  /** Throws SERVER_UNKNOWN, SERVER_DISABLED, NOT_SUPPORTED or VARIABLE_MISSING. */
  forHttp(server: string): Launch;
}

export function createLaunchResolver(catalog: () => Catalog, platform: Platform): LaunchResolver {
  return {
    forShim(hello) {
      const definition = catalog().get(hello.server);
      // Not in the catalog (removed, or the file is broken): the tools matter more, so what the client asked for runs.
      if (definition) assertEnabled(hello.server, definition);
      if (!definition?.command || isAsImported(definition)) {
        return { command: hello.command, args: hello.args, cwd: hello.cwd, env: hello.env };
      }
      return resolve(hello.server, definition, { env: hello.env, cwd: hello.cwd });
    },
    forHttp(server) {
      const definition = catalog().get(server);
      if (!definition)
        throw new PatchbayError(
          'SERVER_UNKNOWN',
          `There is no server ${JSON.stringify(server)} in the catalog.`,
        );
      assertEnabled(server, definition);
      return resolve(server, definition, { env: inheritedEnvironment(platform), cwd: platform.home });
    },
  };
}

function assertEnabled(name: string, { enabled }: ServerDefinition): void {
  if (enabled !== false) return;
  throw new PatchbayError('SERVER_DISABLED', `The server ${name} is switched off in Patchbay.`, {
    hint: `Switch it on with: patchbay servers enable ${name}`,
  });
}

/** An imported definition that nobody has edited runs in the client's own words: expanded by the client, in full. */
function isAsImported(definition: ServerDefinition): boolean {
  return definition.origin !== undefined && definition.origin.sha256 === definitionHash(definition);
}

function resolve(
  name: string,
  definition: ServerDefinition,
  base: { env: Record<string, string>; cwd: string },
): Launch {
  const { command, args = [], env = {}, cwd } = definition;
  if (!command) {
    throw new PatchbayError(
      'NOT_SUPPORTED',
      `The server ${name} is remote; this version routes servers with a command.`,
    );
  }
  const field = (part: string): string => `Server ${name}, ${part},`;
  const own = Object.entries(env).map(
    ([key, value]) => [key, resolveVariables(value, base.env, field(`env.${key}`))] as const,
  );
  return {
    command: resolveVariables(command, base.env, field('command')),
    args: args.map((arg, index) => resolveVariables(arg, base.env, field(`args[${index}]`))),
    cwd: cwd === undefined ? base.cwd : path.resolve(base.cwd, resolveVariables(cwd, base.env, field('cwd'))),
    env: { ...base.env, ...Object.fromEntries(own) },
  };
}
