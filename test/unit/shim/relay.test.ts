import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Relay } from '../../../electron/shim/relay.ts';

/** One side's pipes: what the relay writes and what it reads. */
interface Ends {
  input: PassThrough;
  output: PassThrough;
}

const ends = (): Ends => ({ input: new PassThrough(), output: new PassThrough() });
const linesOf = (stream: PassThrough): string[] =>
  ((stream.read() as Buffer | null)?.toString() ?? '').split('\n').filter((line) => line !== '');
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

let client: Ends;
let relay: Relay;
let lost: number;
let isAlive: boolean;
let gone: number;

beforeEach(() => {
  client = ends();
  lost = 0;
  gone = 0;
  isAlive = true;
  relay = new Relay(client, {
    lost: () => (lost += 1),
    clientEnded() {},
    isClientAlive: () => isAlive,
    clientGone: () => (gone += 1),
  });
});

afterEach(() => {
  vi.useRealTimers();
  for (const stream of [client.input, client.output]) stream.destroy();
});

const attach = (): Ends => {
  const upstream = ends();
  relay.attach(upstream, Buffer.alloc(0));
  return upstream;
};
const lose = async (upstream: Ends): Promise<void> => {
  upstream.output.destroy();
  await settle();
};
const say = async (stream: PassThrough, ...lines: string[]): Promise<void> => {
  for (const line of lines) stream.write(`${line}\n`);
  await settle();
};

const INITIALIZE = '{"jsonrpc":"2.0","id":0,"method":"initialize","params":{}}';
const INITIALIZED = '{"jsonrpc":"2.0","method":"notifications/initialized"}';
const ANSWER = '{"jsonrpc":"2.0","id":0,"result":{"capabilities":{"tools":{"listChanged":true}}}}';

async function handshake(upstream: Ends): Promise<void> {
  await say(client.input, INITIALIZE);
  await say(upstream.output, ANSWER);
  await say(client.input, INITIALIZED);
  linesOf(upstream.input);
  linesOf(client.output);
}

describe('a new server in the place of a lost one', () => {
  it('gets the handshake and what was set since, and its answers to that are nobody’s', async () => {
    const first = attach();
    await handshake(first);
    await say(client.input, '{"jsonrpc":"2.0","id":1,"method":"resources/subscribe","params":{"uri":"a"}}');
    await say(first.output, '{"jsonrpc":"2.0","id":1,"result":{}}');
    await say(client.input, '{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"t"}}');
    client.input.write('{"jsonrpc":"2.0","id":3,');
    await settle();
    linesOf(client.output);
    await lose(first);
    expect(lost).toBe(1);
    relay.failOpenRequests('gone');
    expect(linesOf(client.output)).toEqual([
      '{"jsonrpc":"2.0","id":2,"error":{"code":-32000,"message":"gone"}}',
    ]);

    const second = attach();
    await settle();
    expect(linesOf(second.input)).toEqual([INITIALIZE]);
    await say(second.output, '{"jsonrpc":"2.0","method":"notifications/message","params":{}}', ANSWER);
    expect(linesOf(second.input)).toEqual([
      INITIALIZED,
      '{"jsonrpc":"2.0","id":"patchbay-replay-0","method":"resources/subscribe","params":{"uri":"a"}}',
      '{"jsonrpc":"2.0","id":3,',
    ]);
    expect(linesOf(client.output)).toEqual([
      '{"jsonrpc":"2.0","method":"notifications/message","params":{}}',
      '{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}',
    ]);
    await say(second.output, '{"jsonrpc":"2.0","id":"patchbay-replay-0","result":{}}');
    await say(client.input, '"method":"tools/list"}');
    expect(linesOf(second.input)).toEqual(['"method":"tools/list"}']);
    await say(second.output, '{"jsonrpc":"2.0","id":3,"result":{"tools":[]}}', ' { "odd" : 1e400 } ');
    expect(linesOf(client.output)).toEqual([
      '{"jsonrpc":"2.0","id":3,"result":{"tools":[]}}',
      ' { "odd" : 1e400 } ',
    ]);
  });

  it('without a handshake it gets the open streams at once', async () => {
    const listen =
      '{"jsonrpc":"2.0","id":7,"method":"subscriptions/listen","params":{"notifications":{"toolsListChanged":true}}}';
    const first = attach();
    await say(client.input, listen);
    await lose(first);
    relay.failOpenRequests('gone');
    const second = attach();
    await settle();
    expect(linesOf(second.input)).toEqual([listen]);
    expect(linesOf(client.output)).toEqual([
      '{"jsonrpc":"2.0","method":"notifications/tools/list_changed","params":{"_meta":{"io.modelcontextprotocol/subscriptionId":7}}}',
    ]);
    await say(client.input, '{"jsonrpc":"2.0","id":8,"method":"tools/list","params":{}}');
    expect(linesOf(second.input)).toHaveLength(1);
  });
});

describe('what the lost server had asked the client', () => {
  it('is cancelled, and a late answer reaches no other server', async () => {
    const first = attach();
    await handshake(first);
    await say(first.output, '{"jsonrpc":"2.0","id":1,"method":"elicitation/create","params":{}}');
    linesOf(client.output);
    await lose(first);
    relay.failOpenRequests('gone');
    expect(linesOf(client.output)).toEqual([
      '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1,"reason":"gone"}}',
    ]);
    const second = attach();
    await say(second.output, ANSWER);
    linesOf(second.input);
    linesOf(client.output);

    // The new server counts from the same number: the client gets another one for it.
    await say(second.output, '{"jsonrpc":"2.0","id":1,"method":"roots/list"}');
    expect(linesOf(client.output)).toEqual(['{"jsonrpc":"2.0","id":"patchbay-1","method":"roots/list"}']);
    await say(client.input, '{"jsonrpc":"2.0","id":1,"result":{"action":"accept"}}');
    expect(linesOf(second.input)).toEqual([]);
    await say(client.input, '{"jsonrpc":"2.0","id":"patchbay-1","result":{"roots":[]}}', '{"half":');
    expect(linesOf(second.input)).toEqual(['{"jsonrpc":"2.0","id":1,"result":{"roots":[]}}', '{"half":']);

    // Nothing is left of it: frames pass as they are again, the next under the same number, too.
    await say(second.output, '{"jsonrpc":"2.0","id":1,"method":"roots/list"}');
    expect(linesOf(client.output)).toEqual(['{"jsonrpc":"2.0","id":1,"method":"roots/list"}']);
    await say(client.input, '1}');
    expect(linesOf(second.input)).toEqual(['1}']);
  });

  it('the new server can take its question back under the other name', async () => {
    const first = attach();
    await say(first.output, '{"jsonrpc":"2.0","id":1,"method":"elicitation/create","params":{}}');
    await lose(first);
    relay.failOpenRequests('gone');
    const second = attach();
    await say(second.output, '{"jsonrpc":"2.0","id":1,"method":"roots/list"}');
    linesOf(client.output);
    await say(second.output, '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}');
    expect(linesOf(client.output)).toEqual([
      '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"patchbay-1"}}',
    ]);
  });

  it('both may be lost in turn', async () => {
    const first = attach();
    await say(first.output, '{"jsonrpc":"2.0","id":1,"method":"roots/list"}');
    await lose(first);
    relay.failOpenRequests('gone');
    const second = attach();
    await say(second.output, '{"jsonrpc":"2.0","id":1,"method":"roots/list"}');
    await lose(second);
    linesOf(client.output);
    relay.failOpenRequests('gone again');
    expect(linesOf(client.output)).toEqual([
      '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"patchbay-1","reason":"gone again"}}',
    ]);
    const third = attach();
    await say(
      client.input,
      '{"jsonrpc":"2.0","id":"patchbay-1","result":{}}',
      '{"jsonrpc":"2.0","id":1,"result":{}}',
    );
    expect(linesOf(third.input)).toEqual([]);
    await say(client.input, '{"jsonrpc":"2.0","id":1,"result":{}}');
    expect(linesOf(third.input)).toHaveLength(1);
  });
});

describe('while there is no server', () => {
  it('every request is answered, and the first wakes', async () => {
    const first = attach();
    await handshake(first);
    await lose(first);
    let woken = 0;
    relay.refuseRequests('not there', () => (woken += 1));
    await say(client.input, '{"jsonrpc":"2.0","method":"notifications/x"}');
    expect(woken).toBe(0);
    await say(client.input, '{"jsonrpc":"2.0","id":4,"method":"tools/list"}');
    expect(woken).toBe(1);
    expect(linesOf(client.output)).toEqual([
      '{"jsonrpc":"2.0","id":4,"error":{"code":-32000,"message":"not there"}}',
    ]);
  });
});

describe('B17: a client that is held up', () => {
  it('goes on when the server reads', async () => {
    const upstream = attach();
    const big = `${'x'.repeat(100_000)}\n`;
    client.input.write(big);
    await settle();
    expect(client.input.isPaused()).toBe(true);
    expect((upstream.input.read() as Buffer).toString()).toBe(big);
    await settle();
    expect(client.input.isPaused()).toBe(false);
  });

  it('is missed when it has gone', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    attach();
    client.input.write('x'.repeat(100_000));
    await settle();
    vi.advanceTimersByTime(20_000);
    expect(gone).toBe(0);
    isAlive = false;
    vi.advanceTimersByTime(5_000);
    expect(gone).toBe(1);
  });
});
