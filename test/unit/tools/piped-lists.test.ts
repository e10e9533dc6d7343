import { expect, it } from 'vitest';
import { PipedLists } from '../../../electron/hub/tools/piped-lists.ts';
import { NO_OBSERVER } from '../../../electron/hub/tools/tool-observer.ts';

interface Told {
  server: string;
  audience: string;
  tools: string[];
}

function stage() {
  const told: Told[] = [];
  const lists = new PipedLists('s', {
    ...NO_OBSERVER,
    listed(server, audience, tools) {
      told.push({ server, audience, tools: tools.map(({ bytes }) => bytes.toString('utf8')) });
    },
  });
  const frame = (direction: 'client-to-server' | 'server-to-client') => (message: object) => {
    const bytes = Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message }));
    lists.frame(direction, bytes);
    // Frames are views that are good during the call only.
    bytes.fill(0);
  };
  return { told, client: frame('client-to-server'), server: frame('server-to-client'), lists };
}

const ask = (id: number, params?: object) => ({ id, method: 'tools/list', params });

it('B23: tells of a list in a pipe when its last page has come, with what the client can do', () => {
  const { told, client, server } = stage();
  client({ id: 0, method: 'initialize', params: { capabilities: { roots: {} } } });
  server({ id: 0, result: { capabilities: {} } });
  client(ask(1));
  server({ id: 1, result: { tools: [{ name: 'a' }], nextCursor: 'two' } });
  expect(told).toEqual([]);
  client(ask(2, { cursor: 'two' }));
  server({ id: 2, result: { tools: [{ name: 'b', description: '…' }] } });
  expect(told).toEqual([
    { server: 's', audience: '{"roots":{}}', tools: ['{"name":"a"}', '{"name":"b","description":"…"}'] },
  ]);
});

it('B23: knows what a client of the newer era can do from the question itself', () => {
  const { told, client, server } = stage();
  const _meta = { 'io.modelcontextprotocol/clientCapabilities': { sampling: {} } };
  client(ask(1, { _meta }));
  server({ id: 1, result: { tools: [] } });
  expect(told).toEqual([{ server: 's', audience: '{"sampling":{}}', tools: [] }]);
});

it('tells nothing of parts, of errors, of other answers and of what is no list', () => {
  const { told, client, server, lists } = stage();
  client(ask(1, { cursor: 'from nowhere' }));
  server({ id: 1, result: { tools: [{ name: 'a' }] } });
  client(ask(2));
  server({ id: 3, result: { tools: [{ name: 'stray' }] } });
  server({ method: 'notifications/message', params: {} });
  server({ id: 2, error: { code: -1, message: 'no' } });
  client(ask(4));
  server({ id: 4, result: { tools: 'none' } });
  client(ask(5));
  lists.frame('server-to-client', Buffer.from('{"id":5,"result":{"tools":[{'));
  client({ id: 6, method: 'tools/call', params: { name: 'tools/list' } });
  server({ id: 6, result: { tools: [{ name: 'a' }] } });
  expect(told).toEqual([]);
});
