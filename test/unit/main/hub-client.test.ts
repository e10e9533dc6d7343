import { implement, ORPCError } from '@orpc/server';
import { RPCHandler } from '@orpc/server/message-port';
import type { MessagePortMain } from 'electron';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { HubProcess } from '../../../electron/main/hub-process.ts';
import { contract } from '../../../shared/contract/contract.ts';
import { toErrorInfo } from '../../../shared/model/error.ts';

vi.mock('electron', async () => await import('../../standin/message-ports.mjs'));
const { connectToHub } = await import('../../../electron/main/hub-client.ts');

let farEnd: MessagePortMain | null;
let isReady: boolean;

/** A hub with one call that answers, one that fails and one that never ends. */
function serve(port: MessagePortMain): void {
  const os = implement(contract);
  const router = {
    sessions: { list: os.sessions.list.handler(() => []) },
    hub: { stop: os.hub.stop.handler(() => new Promise<never>(() => {})) },
    clients: {
      list: os.clients.list.handler(() => {
        const data = { code: 'CONFIG_LOCKED', message: 'The file is locked.', hint: 'Wait.' };
        throw new ORPCError('CONFIG_LOCKED', { status: 400, data });
      }),
    },
  };
  new RPCHandler(router).upgrade(port);
  port.start();
}

const hub = {
  connect(port: MessagePortMain): boolean {
    if (!isReady) return false;
    farEnd = port;
    serve(port);
    return true;
  },
} as unknown as HubProcess;

beforeEach(() => {
  farEnd = null;
  isReady = true;
});

describe('main’s connection to the hub', () => {
  test('is not there without a hub that is ready', () => {
    isReady = false;
    expect(connectToHub(hub)).toBeNull();
  });

  test('carries calls, and failures with all the hub says about them', async () => {
    const connection = connectToHub(hub)!;
    expect(await connection.api.sessions.list()).toEqual([]);
    const error: unknown = await connection.api.clients.list().catch((thrown: unknown) => thrown);
    expect(toErrorInfo(error)).toEqual({
      code: 'CONFIG_LOCKED',
      message: 'The file is locked.',
      hint: 'Wait.',
    });
    connection.close();
  });

  test.each(['closed here', 'lost over there'])(
    '%s, calls under way and later ones fail instead of waiting',
    async (how) => {
      const connection = connectToHub(hub)!;
      await connection.api.sessions.list();
      const call = connection.api.hub.stop();
      if (how === 'closed here') connection.close();
      else farEnd!.close();
      await expect(call).rejects.toThrow();
      await expect(connection.api.sessions.list()).rejects.toThrow('The connection to the hub was lost.');
    },
  );
});
