import { expect, it } from 'vitest';
import { HandshakeMemory } from '../../../electron/shim/handshake-memory.ts';

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
  expect(memory.listChanged).toEqual(['tools']);
  expect(memory.replay).toMatchObject({ id: '0', initialized: expect.any(Buffer) });
});
