import type {
  InstanceView,
  LoginAttempt,
  LoginState,
  ServerDefinition,
  ServerState,
  ServerView,
} from '../../../shared/model/server.ts';
import type { ServerCounts } from '../traffic/traffic-service.ts';

/** What a server's live side tells. */
export interface LiveFacts {
  instances: InstanceView[];
  /** It does not run and will not by itself. */
  isFailed: boolean;
  restarts: number;
  lastError: string | null;
  /** Null for a program of this computer. */
  login: LoginState | null;
  /** Begun by this hub; null when none waits or has failed. */
  loginAttempt: LoginAttempt | null;
}

/** Health and connections of a server with a URL. */
export interface RemoteHealth {
  connections: readonly { id: string; startedAt: number; sessionId: string; client: string }[];
  /** Time until which nothing is sent to it; 0 when it is not suspended. */
  suspendedUntil: number;
  lastFailure: string | null;
  /** What a person has to do before it can be used. */
  loginNeeded: string | null;
  login: LoginState;
}

/** A definition and its live side, as people see them. */
export function viewOf(
  name: string,
  definition: ServerDefinition,
  live: LiveFacts,
  counts?: ServerCounts,
): ServerView {
  const { origin } = definition;
  return {
    name,
    transport: definition.command === undefined ? 'remote' : 'stdio',
    command: definition.command ?? '',
    args: definition.args ?? [],
    url: definition.url ?? null,
    envNames: Object.keys(definition.env ?? {}),
    enabled: definition.enabled !== false,
    state: stateOf(definition, live),
    instances: live.instances,
    callsLastHour: counts?.calls ?? 0,
    errorsLastHour: counts?.errors ?? 0,
    restarts: live.restarts,
    lastError: live.lastError,
    login: live.login,
    loginAttempt: live.loginAttempt,
    origin: origin ? { client: origin.client, scope: origin.scope, path: origin.path } : null,
    isolation: definition.isolation ?? 'session',
    warm: definition.warm ?? 0,
  };
}

/** A connection is an instance without a process. */
export function remoteFacts(
  { connections, suspendedUntil, lastFailure, loginNeeded, login }: RemoteHealth,
  restarts: number,
  loginAttempt: LoginAttempt | null,
): LiveFacts {
  const isFailed = suspendedUntil > 0 || loginNeeded !== null;
  return {
    instances: connections.map(({ id, startedAt, sessionId, client }) => ({
      id,
      state: 'running',
      pid: null,
      startedAt,
      sessionId,
      client,
      cwd: '',
      rssBytes: null,
      cpuPercent: null,
    })),
    isFailed,
    restarts,
    lastError: loginNeeded ?? lastFailure,
    login,
    loginAttempt,
  };
}

function stateOf({ command, enabled }: ServerDefinition, { instances, isFailed }: LiveFacts): ServerState {
  if (enabled === false) return 'disabled';
  // A suspended server has its connections still, and answers nothing on them.
  if (command === undefined && isFailed) return 'failed';
  if (instances.some(({ state }) => state === 'running')) return 'running';
  if (instances.some(({ state }) => state === 'starting')) return 'starting';
  if (instances.length > 0) return 'running';
  return isFailed ? 'failed' : 'idle';
}
