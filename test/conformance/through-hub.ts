import { StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { cliScript } from '../support/cli.ts';
import type { RunningHub } from '../support/hub.ts';
import type { TemporaryHome } from '../support/temporary-home.ts';
import type { ScenarioContext } from './client-driver.ts';
import type { Access } from './client-scenarios.ts';
import { allow, LOGINS, METADATA_DOCUMENT } from './oauth-person.ts';

export interface HubAccess extends Access {
  /** Takes the server out of the hub again, which ends the hub's connections to it: the suite waits for them. */
  end(): Promise<void>;
}

/** What the hub tells a person to do who has to log in at a server, or needs more rights there. */
const LOGIN_NEEDED = 'patchbay servers login';

async function api({ url, token }: RunningHub, method: string, path: string, body?: unknown): Promise<void> {
  const response = await fetch(new URL(`/api${path}`, url), {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
}

/**
 * The SDK's client in front of the hub, which has the server in its catalog under a name of its own, and a person who
 * logs in where the hub says that it takes a login.
 */
export async function hubAccess(
  hub: RunningHub,
  home: TemporaryHome,
  server: URL,
  registered: ScenarioContext,
): Promise<HubAccess> {
  const name = `suite-${randomUUID()}`;
  const { client_id: clientId, client_secret: clientSecret } = registered;
  const oauth = { clientMetadataUrl: METADATA_DOCUMENT, ...(clientId && { clientId, clientSecret }) };
  await api(hub, 'POST', '/servers', { name, definition: { type: 'http', url: server.href, oauth } });
  return {
    connect(client) {
      const headers = { authorization: `Bearer ${hub.token}` };
      const endpoint = new URL(`/servers/${name}/mcp`, hub.url);
      return client.connect(new StreamableHTTPClientTransport(endpoint, { requestInit: { headers } }));
    },
    async withLogin(run) {
      for (let login = 0; ; login += 1) {
        try {
          return await run();
        } catch (error) {
          if (login === LOGINS || !String(error).includes(LOGIN_NEEDED)) throw error;
          await logIn(home, name);
        }
      }
    },
    end: () => api(hub, 'DELETE', `/servers/${name}`),
  };
}

/** `patchbay servers login`, with this program in the place of the person's browser. */
async function logIn(home: TemporaryHome, name: string): Promise<void> {
  const child = spawn(process.execPath, [cliScript, 'servers', 'login', name], {
    cwd: home.project,
    env: home.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const exited = once(child, 'exit') as Promise<[number | null]>;
  for await (const line of createInterface({ input: child.stdout })) {
    // The authorization server sends the browser back to the program that asked.
    if (/^https?:/.test(line)) await fetch(await allow(new URL(line)));
  }
  const [code] = await exited;
  if (code !== 0) throw new Error(`The login ended with code ${code}: ${errors}`);
}
