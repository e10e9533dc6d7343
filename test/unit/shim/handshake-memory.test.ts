import { describe, expect, it } from 'vitest';
import { splitLines } from '../../../electron/hub/frames/split-lines.ts';
import { HandshakeMemory } from '../../../electron/shim/handshake-memory.ts';

const memoryOf = (frames: readonly (readonly ['client' | 'server', string])[]): HandshakeMemory => {
  const memory = new HandshakeMemory();
  for (const [side, text] of frames) {
    if (side === 'client') memory.fromClient(Buffer.from(text));
    else memory.fromServer(Buffer.from(text));
  }
  return memory;
};
const texts = (frames: readonly Buffer[]): string[] => frames.map(String);

it('remembers what it takes to carry a conversation over, and never repeats a call', () => {
  const memory = new HandshakeMemory();
  const client = (text: string): void => memory.fromClient(Buffer.from(text));
  client('{"jsonrpc":"2.0","id":"server-discover-probe-1","method":"server/discover"}');
  expect(memory.takeOpen()).toMatchObject({ failed: [], again: [expect.any(Buffer)] });
  memory.fromServer(
    Buffer.from('{"jsonrpc":"2.0","id":"server-discover-probe-1","error":{"code":-32601,"message":"no"}}'),
  );
  client('{"jsonrpc":"2.0","id":0,"method":"initialize","params":{}}');
  expect(memory.replay).toBeNull();
  const capabilities = '{"tools":{"listChanged":true},"prompts":{}}';
  memory.fromServer(Buffer.from(`{"jsonrpc":"2.0","id":0,"result":{"capabilities":${capabilities}}}`));
  client('{"jsonrpc":"2.0","method":"notifications/initialized"}');
  client('{"jsonrpc":"2.0","id":9007199254740993,"method":"tools/call","params":{"name":"a"}}');
  client('{"jsonrpc":"2.0","id":"x","method":"tools/call","params":{"name":"b"}}');
  client('{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"x"}}');
  expect(memory.takeOpen()).toEqual({ failed: ['9007199254740993'], again: [] });
  expect(memory.takeOpen().failed).toEqual([]);
  expect(texts(memory.listChangedFrames())).toEqual([
    '{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}',
  ]);
  expect(memory.replay).toMatchObject({ id: '0', initialized: expect.any(Buffer), lasting: [] });
});

const HANDSHAKE = [
  ['client', '{"jsonrpc":"2.0","id":0,"method":"initialize","params":{}}'],
  ['server', '{"jsonrpc":"2.0","id":0,"result":{"capabilities":{}}}'],
] as const;

describe('what a new server of the older era must be told', () => {
  it('the last log level and the subscriptions that hold, under ids of our own', () => {
    const memory = memoryOf([
      ...HANDSHAKE,
      ['client', '{"jsonrpc":"2.0","id":1,"method":"logging/setLevel","params":{"level":"error"}}'],
      ['server', '{"jsonrpc":"2.0","id":1,"result":{}}'],
      ['client', '{"jsonrpc":"2.0","id":2,"method":"logging/setLevel","params":{"level":"debug"}}'],
      ['server', '{"jsonrpc":"2.0","id":2,"result":{}}'],
      ['client', '{"jsonrpc":"2.0","id":3,"method":"resources/subscribe","params":{"uri":"file:///a"}}'],
      ['server', '{"jsonrpc":"2.0","id":3,"result":{}}'],
      ['client', '{"jsonrpc":"2.0","id":4,"method":"resources/subscribe","params":{"uri":"file:///b"}}'],
      ['server', '{"jsonrpc":"2.0","id":4,"result":{}}'],
      ['client', '{"jsonrpc":"2.0","id":5,"method":"resources/unsubscribe","params":{"uri":"file:///a"}}'],
      ['server', '{"jsonrpc":"2.0","id":5,"result":{}}'],
      [
        'client',
        '{"jsonrpc":"2.0","id":6,"method":"resources/subscribe","params":{"uri":"file:///refused"}}',
      ],
      ['server', '{"jsonrpc":"2.0","id":6,"error":{"code":-32602,"message":"no"}}'],
      ['client', '{"jsonrpc":"2.0","id":7,"method":"resources/subscribe","params":{"uri":"file:///open"}}'],
    ]);
    const lasting = memory.replay!.lasting.map(({ id, line }) => [id, line.toString()]);
    expect(lasting).toEqual([
      [
        '"patchbay-replay-0"',
        '{"jsonrpc":"2.0","id":"patchbay-replay-0","method":"logging/setLevel","params":{"level":"debug"}}',
      ],
      [
        '"patchbay-replay-1"',
        '{"jsonrpc":"2.0","id":"patchbay-replay-1","method":"resources/subscribe","params":{"uri":"file:///b"}}',
      ],
    ]);
    expect(memory.takeOpen().failed).toEqual(['7']);
  });
});

describe('the modern era, which has no handshake', () => {
  const LISTEN =
    '{"jsonrpc":"2.0","id":"listen:0","method":"subscriptions/listen","params":{"notifications":{"toolsListChanged":true,"promptsListChanged":false}}}';

  it('opens its streams again and is told on them that lists may have changed', () => {
    const memory = memoryOf([
      ['client', '{"jsonrpc":"2.0","id":0,"method":"server/discover","params":{}}'],
      ['server', '{"jsonrpc":"2.0","id":0,"result":{"resultType":"complete"}}'],
      ['client', LISTEN],
      ['client', '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a"}}'],
    ]);
    expect(memory.replay).toBeNull();
    const { failed, again } = memory.takeOpen();
    expect(failed).toEqual(['1']);
    expect(texts(again)).toEqual([LISTEN]);
    expect(texts(memory.listChangedFrames())).toEqual([
      '{"jsonrpc":"2.0","method":"notifications/tools/list_changed","params":{"_meta":{"io.modelcontextprotocol/subscriptionId":"listen:0"}}}',
    ]);
  });

  it('a stream that has ended stays ended', () => {
    const memory = memoryOf([
      ['client', LISTEN],
      ['server', '{"jsonrpc":"2.0","id":"listen:0","result":{}}'],
    ]);
    expect(memory.takeOpen()).toEqual({ failed: [], again: [] });
    expect(memory.listChangedFrames()).toEqual([]);
  });
});

it('knows what the server asked and the client has not answered', () => {
  const memory = memoryOf([
    ['server', '{"jsonrpc":"2.0","id":0,"method":"roots/list"}'],
    ['server', '{"jsonrpc":"2.0","id":1,"method":"sampling/createMessage","params":{}}'],
    ['server', '{"jsonrpc":"2.0","id":"e","method":"elicitation/create","params":{}}'],
    ['client', '{"jsonrpc":"2.0","id":0,"result":{"roots":[]}}'],
    ['server', '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"e"}}'],
  ]);
  expect(memory.takeAsked()).toEqual(['1']);
  expect(memory.takeAsked()).toEqual([]);
});

it('reads of a long answer no more than its ends', () => {
  const memory = memoryOf([
    ['client', '{"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"a"}}'],
    ['client', '{"jsonrpc":"2.0","id":6,"method":"tools/call","params":{"name":"a"}}'],
  ]);
  const lines = splitLines(
    { line: () => {}, oversized: (_bytes, edges) => memory.fromServerCut(edges) },
    64 * 1024,
  );
  const text = 'x'.repeat(1_000_000);
  lines.push(
    Buffer.from(`{"result":{"content":[{"type":"text","text":"${text}"}]},"jsonrpc":"2.0","id":5}\n`),
  );
  expect(memory.sawAnswer).toBe(true);
  expect(memory.takeOpen().failed).toEqual(['6']);
});
