import { dataFolder, prepareDataFolder } from '../../../../electron/hub/data-folder.ts';
import { nodeStorage } from '../../../../electron/hub/files/storage.ts';
import { openSecretStore, type SecretStore } from '../../../../electron/hub/secrets/secret-store.ts';
import {
  createRemoteServers,
  type RemoteServers,
} from '../../../../electron/hub/servers/remote/remote-servers.ts';
import type { OpenedServer } from '../../../../electron/hub/servers/server-connection.ts';
import type { ServerDefinition } from '../../../../shared/model/server.ts';
import { temporaryHome, type TemporaryHome } from '../../../support/temporary-home.ts';
import {
  startAuthorizationServer,
  startProtectedServer,
  type FakeAuthorizationServer,
} from './authorization-server.ts';
import { recordEvents, type Recorder } from './recorded-connection.ts';
import type { ScriptedServer } from './scripted-server.ts';

export interface Opened extends Recorder, OpenedServer {
  /** The result of a call, or the message of its failure. */
  call(id: number, method: string): Promise<unknown>;
}

/** A hub's remote servers, one server `github` that wants a login, and the authorization server that gives it. */
export interface OAuthBench {
  home: TemporaryHome;
  secrets: SecretStore;
  readonly servers: RemoteServers;
  issuer: FakeAuthorizationServer;
  upstream: ScriptedServer;
  /** Milliseconds since the epoch, as the hub sees it. */
  now: number;
  /** Ends the hub's part and starts another on the same data folder. */
  restartHub(): Promise<void>;
  definition(extra?: Partial<ServerDefinition>): ServerDefinition;
  open(definition?: ServerDefinition): Promise<Opened>;
  beginLogin(definition?: ServerDefinition): ReturnType<RemoteServers['login']>;
  /** A whole login, with a person who agrees. Resolves with the page they see at its end. */
  logIn(definition?: ServerDefinition): Promise<string>;
  /** Everything that was logged, as text. */
  log(): string;
  dispose(): Promise<void>;
}

const caller = {
  sessionId: 's',
  client: 'test',
  user: 'local',
  transport: 'http',
  cwd: null,
  env: null,
} as const;

export async function startOAuthBench(): Promise<OAuthBench> {
  const home = temporaryHome();
  const data = dataFolder(home.dataDir);
  prepareDataFolder(data);
  const secrets = openSecretStore({ storage: nodeStorage(process.platform), data, env: {} });
  const issuer = await startAuthorizationServer();
  const logged: string[] = [];
  const startHub = (): RemoteServers =>
    createRemoteServers({
      secrets,
      version: '1.2.3',
      env: {},
      now: () => bench.now,
      logger: { log: (level, event, fields) => logged.push(JSON.stringify({ level, event, fields })) },
    });
  const bench: OAuthBench = {
    home,
    secrets,
    get servers() {
      return servers;
    },
    issuer,
    upstream: await startProtectedServer(issuer),
    now: 1_000_000,
    async restartHub() {
      await servers.close();
      servers = startHub();
    },
    definition: (extra = {}) => ({ url: bench.upstream.url.href, ...extra }),
    async open(definition = bench.definition()) {
      const recorder = recordEvents();
      const target = { url: definition.url!, type: 'http', headers: definition.headers ?? {} };
      const opened = await bench.servers.open(
        { server: 'github', target, definition, caller, startTimeoutMs: 10_000 },
        recorder.events,
      );
      return {
        ...recorder,
        ...opened,
        async call(id, method) {
          opened.connection.send(Buffer.from(JSON.stringify({ jsonrpc: '2.0', id, method })), {
            request: id,
            method,
            target: null,
            protocolVersion: '2025-11-25',
            parameterHeaders: null,
          });
          const told = await recorder.outcome(id);
          if (told.kind === 'failed') return told.failure.message;
          return told.kind === 'frame' ? told.message.result : told;
        },
      };
    },
    beginLogin: (definition = bench.definition()) =>
      bench.servers.login('github', { url: definition.url!, type: undefined, headers: {} }, definition),
    async logIn(definition) {
      const login = await bench.beginLogin(definition);
      const page = await fetch(login.authorizationUrl);
      await login.finished;
      return page.text();
    },
    log: () => logged.join('\n'),
    async dispose() {
      await bench.servers.close();
      await bench.upstream.close();
      await issuer.close();
      home.dispose();
    },
  };
  let servers = startHub();
  return bench;
}
