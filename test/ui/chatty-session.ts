import type { RunningHub } from '../support/hub.ts';
import type { RawClient } from '../support/raw-client.ts';
import { fixtureServer, installShimFor, startFixture } from '../support/shim.ts';
import type { TemporaryHome } from '../support/temporary-home.ts';
import { expect } from './patchbay-test.ts';

/** Puts the chatty server into the catalog, so that the hub has an address for it and keeps what it writes. */
async function addChatty(hub: RunningHub): Promise<void> {
  const definition = { command: process.execPath, args: [fixtureServer('chatty')] };
  const answer = await fetch(`${new URL(hub.url).origin}/api/servers`, {
    method: 'POST',
    headers: { authorization: `Bearer ${hub.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'chatty', definition }),
  });
  expect(answer.status).toBe(200);
}

interface Session {
  home: TemporaryHome;
  hub: RunningHub;
}

/** A session with the chatty server; it is ended when `use` is done. */
export async function withChatty(
  { home, hub }: Session,
  use: (client: RawClient) => Promise<void>,
): Promise<void> {
  await addChatty(hub);
  installShimFor(home);
  const client = startFixture(home, 'chatty');
  try {
    await client.initialize();
    await client.request('tools/list');
    await use(client);
  } finally {
    await client.end();
  }
}

/** Calls a tool of the chatty server; the whole answer. */
export const call = (
  client: RawClient,
  name: string,
  args: object = {},
  meta: object = {},
): Promise<unknown> => client.request('tools/call', { name, arguments: args, ...meta });

/** A call with progress, a log message and a question that is answered. */
export async function chat(client: RawClient): Promise<void> {
  const answer = call(client, 'chat', { steps: 3 }, { _meta: { progressToken: 'p' } });
  const question = JSON.parse(await client.line((line) => line.includes('roots/list'))) as { id: unknown };
  client.send(JSON.stringify({ jsonrpc: '2.0', id: question.id, result: { roots: [] } }));
  await answer;
}
