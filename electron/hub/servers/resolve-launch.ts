import { createHash, randomBytes } from 'node:crypto';
import path from 'node:path';
import { PatchbayError } from '../../../shared/model/error.ts';
import type { ServerDefinition } from '../../../shared/model/server.ts';
import type { Platform } from '../data-folder.ts';
import { inheritedEnvironment } from '../inherited-environment.ts';
import type { ShimHello } from '../sessions/shim-protocol.ts';
import type { Launch } from '../supervisor/spawn-server.ts';
import type { Catalog } from './catalog-parse.ts';
import { definitionHash } from './definition-hash.ts';
import {
  fillInLaunch,
  fillInRemote,
  launchTexts,
  remoteTexts,
  type LaunchBase,
  type RemoteTarget,
} from './fill-in-definition.ts';
import { secretNames, templatesIn } from './resolve-variables.ts';
import type { CallerIdentity } from './server-connection.ts';

/** Decides what is really run for a session. */
export interface LaunchResolver {
  /** Rejects with SERVER_DISABLED, VARIABLE_MISSING or SECRET_MISSING. */
  forShim(hello: ShimHello): Promise<Launch>;
  /** Rejects with SERVER_UNKNOWN, SERVER_DISABLED, NOT_SUPPORTED (no command), VARIABLE_MISSING or SECRET_MISSING. */
  forCaller(server: string, caller: CallerIdentity): Promise<Launch>;
  /** For definitions with a URL. Rejects with SERVER_UNKNOWN, SERVER_DISABLED, VARIABLE_MISSING or SECRET_MISSING. */
  remote(server: string, caller: CallerIdentity): Promise<RemoteTarget>;
  /**
   * Equal for callers whose launches may share one instance; an opaque hash. Throws SERVER_UNKNOWN, SERVER_DISABLED or
   * VARIABLE_MISSING.
   */
  key(server: string, caller: CallerIdentity): string;
}

/** Gives one secret of the person's own store. Rejects with SECRET_MISSING, naming it. */
export type SecretReader = (name: string) => Promise<string>;

type Environment = Readonly<Record<string, string | undefined>>;

export interface LaunchSources {
  platform: Platform;
  secrets: SecretReader;
  /**
   * What callers without an environment of their own get theirs from: that of the person's login shell, or of the hub
   * where that is the same; see `shell-environment.ts`.
   */
  hubEnvironment(): Environment | Promise<Environment>;
  /** Below it every instance that asks for `{WORKDIR}` gets a folder. */
  workFolder: string;
}

export function createLaunchResolver(catalog: () => Catalog, sources: LaunchSources): LaunchResolver {
  const { platform } = sources;

  const need = (server: string): ServerDefinition => {
    const definition = catalog().get(server);
    if (!definition) {
      throw new PatchbayError(
        'SERVER_UNKNOWN',
        `There is no server ${JSON.stringify(server)} in the catalog.`,
      );
    }
    assertEnabled(server, definition);
    return definition;
  };

  const baseOf = async (definition: ServerDefinition, caller: CallerIdentity): Promise<LaunchBase> => {
    if (caller.env) return baseFromCaller(definition, caller, caller.env);
    const variables = await sources.hubEnvironment();
    const env = inheritedEnvironment({ ...platform, env: variables });
    return { env, variables, cwd: caller.cwd ?? platform.home };
  };

  const baseFromCaller = (
    { isolation = 'session' }: ServerDefinition,
    caller: CallerIdentity,
    variables: Readonly<Record<string, string>>,
  ): LaunchBase => {
    // A process of its own is started just as the client would; a shared one must not take on what tells one terminal
    // from another, or no two sessions could ever share it.
    const env = isolation === 'session' ? variables : inheritedEnvironment({ ...platform, env: variables });
    return { env, variables, cwd: caller.cwd ?? platform.home };
  };

  const secretsOf = async (texts: readonly string[]): Promise<Map<string, string>> => {
    const names = [...new Set(texts.flatMap(secretNames))];
    return new Map(
      await Promise.all(names.map(async (name) => [name, await sources.secrets(name)] as const)),
    );
  };

  const launchOf = async (
    server: string,
    definition: ServerDefinition,
    caller: CallerIdentity,
  ): Promise<Launch> => {
    const texts = launchTexts(definition);
    const templates = new Set(texts.flatMap(templatesIn));
    const workdir = path.join(sources.workFolder, randomBytes(8).toString('hex'));
    const launch = fillInLaunch(server, definition, await baseOf(definition, caller), {
      secrets: await secretsOf(texts),
      templates: {
        SESSION_ID: caller.sessionId,
        CLIENT_ID: caller.client,
        USER_ID: caller.user,
        INSTANCE_TYPE: definition.isolation ?? 'session',
        WORKDIR: workdir,
      },
    });
    return {
      ...launch,
      ...(templates.has('WORKDIR') ? { workdir } : {}),
      ...(templates.has('SESSION_ID') || templates.has('CLIENT_ID') ? { isPersonal: true } : {}),
    };
  };

  /** What must be equal for two callers of one scope. Secrets and templates are: they stay as they are written. */
  const sameForAll = (server: string, definition: ServerDefinition, caller: CallerIdentity): unknown => {
    // Callers without an environment all have the hub's, which does not change while it runs.
    if (!caller.env) {
      const { command, args, env, cwd, url, type, headers } = definition;
      return [command, args, env, cwd ?? caller.cwd, url, type, headers];
    }
    const base = baseFromCaller(definition, caller, caller.env);
    return definition.command === undefined
      ? fillInRemote(server, definition, { env: base.variables })
      : fillInLaunch(server, definition, base, { templates: SAME_FOR_ALL });
  };

  return {
    async forShim(hello) {
      const definition = catalog().get(hello.server);
      // Not in the catalog (removed, or the file is broken): the tools matter more, so what the client asked for runs.
      if (definition) assertEnabled(hello.server, definition);
      if (!definition?.command || (isAsImported(definition) && !asksForSecrets(definition))) {
        return { command: hello.command, args: hello.args, cwd: hello.cwd, env: hello.env };
      }
      return launchOf(hello.server, definition, {
        sessionId: hello.session,
        client: hello.client,
        user: LOCAL_USER,
        transport: 'shim',
        cwd: hello.cwd,
        env: hello.env,
      });
    },
    async forCaller(server, caller) {
      return launchOf(server, need(server), caller);
    },
    async remote(server, caller) {
      const definition = need(server);
      const { variables } = await baseOf(definition, caller);
      const secrets = await secretsOf(remoteTexts(definition));
      return fillInRemote(server, definition, { env: variables, secrets });
    },
    key(server, caller) {
      const definition = need(server);
      const parts = [server, scopeOf(definition, caller), sameForAll(server, definition, caller)];
      return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
    },
  };
}

/** The one user of a hub that serves one person; what `{USER_ID}` becomes for a shim. */
export const LOCAL_USER = 'local';

/** Stands in for templates in a launch key. */
const SAME_FOR_ALL = {
  SESSION_ID: '{}',
  CLIENT_ID: '{}',
  USER_ID: '{}',
  INSTANCE_TYPE: '{}',
  // A working folder made of it must be as absolute as the real one.
  WORKDIR: path.resolve('/'),
};

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

/** What the client's file holds no value of any more, only the hub can fill in. */
const asksForSecrets = (definition: ServerDefinition): boolean =>
  launchTexts(definition).some((text) => secretNames(text).length > 0);

function scopeOf({ isolation = 'session' }: ServerDefinition, caller: CallerIdentity): string {
  const scopes = { session: caller.sessionId, client: caller.client, user: caller.user, shared: '' };
  return `${isolation} ${scopes[isolation]}`;
}
