import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Mux } from '../../../electron/hub/routes/mux/mux.ts';
import type { CallTap, Tap, TappedFrame, TappedSession } from '../../../electron/hub/traffic/tap.ts';
import { NO_TAP } from '../../../electron/hub/traffic/no-tap.ts';
import { merged, muxOver, ScriptedClient, single } from './scripted-client.ts';
import { ScriptedOpener, SILENT, toolsNamed } from './scripted-servers.ts';

let mux: Mux;
afterEach(() => mux.close());

/** Writes down what is observed, one line each. */
function notingTap(): { tap: Tap; lines: string[] } {
  const lines: string[] = [];
  const calls = ({ server, instanceId }: TappedSession): CallTap => {
    const where = `${server}/${instanceId}`;
    const note = (what: string, { bytes, receivedAt, forwardedAt }: TappedFrame): void => {
      expect(forwardedAt).toBeGreaterThanOrEqual(receivedAt);
      JSON.parse(bytes.toString('utf8'));
      lines.push(`${where} ${what}`);
    };
    return {
      request(direction, frame) {
        const { method, id } = frame.envelope;
        note(`${direction === 'client-to-server' ? '>' : '<'} ${method} ${id}`, frame);
        return {
          answered: (answer) => note(`${answer.envelope.error ? 'error' : 'ok'} ${method} ${id}`, answer),
          answeredOversized: (bytes) => lines.push(`${where} oversized ${bytes} ${id}`),
          cancelled: () => lines.push(`${where} cancelled ${method} ${id}`),
          lost: () => lines.push(`${where} lost ${method} ${id}`),
        };
      },
      notification: (direction, frame) =>
        note(`${direction === 'client-to-server' ? '>' : '<'} ${frame.envelope.method}`, frame),
      close: () => lines.push(`${where} closed`),
    };
  };
  return { tap: { ...NO_TAP, openCalls: calls }, lines };
}

describe('every exchange is observed once', () => {
  test('under its server, or under the endpoint where the hub answers', async () => {
    const { tap, lines } = notingTap();
    const opener = new ScriptedOpener({
      a: {
        on: {
          'tools/list': toolsNamed('x'),
          'tools/call': ({ params }) => (params!.arguments ? { content: [] } : SILENT),
        },
      },
    });
    mux = muxOver(opener, { tap });
    const client = new ScriptedClient(mux, { endpoint: merged(['a']) });
    await client.hello({ elicitation: {} });
    await client.request('tools/list', {}, 'l');
    await client.request('tools/call', { name: 'a__x', arguments: {} }, 'c');
    void client.request('tools/call', { name: 'a__x' }, 'gone');
    const instance = opener.last('a');
    await instance.next('tools/call');
    await instance.next('tools/call');
    instance.say({ jsonrpc: '2.0', id: 'q', method: 'elicitation/create', params: { message: '?' } });
    const question = await client.next('elicitation/create');
    client.answer(question.id, { result: { action: 'decline' } });
    client.notify('notifications/cancelled', { requestId: 'gone' });
    void client.request('tools/call', { name: 'a__x' }, 'lost');
    await instance.next('tools/call');
    instance.crash();
    await client.conversation.close();
    expect(lines.filter((line) => !line.endsWith('closed'))).toEqual([
      '*/ > initialize 1',
      '*/ ok initialize 1',
      '*/ > notifications/initialized',
      '*/ > tools/list "l"',
      '*/ ok tools/list "l"',
      'a/i1 > tools/call "c"',
      'a/i1 ok tools/call "c"',
      'a/i1 > tools/call "gone"',
      'a/i1 < elicitation/create "q"',
      'a/i1 ok elicitation/create "q"',
      'a/i1 cancelled tools/call "gone"',
      '*/ > notifications/cancelled',
      'a/i1 > tools/call "lost"',
      'a/i1 lost tools/call "lost"',
    ]);
    expect(lines.filter((line) => line.endsWith('closed')).toSorted()).toEqual(['*/ closed', 'a/i1 closed']);
  });
});

test('a conversation with a tap of its own is observed there only', async () => {
  const [hub, own] = [notingTap(), notingTap()];
  mux = muxOver(new ScriptedOpener({ a: { on: { 'tools/call': { content: [] } } } }), { tap: hub.tap });
  const client = new ScriptedClient(mux, { endpoint: single('a'), tap: own.tap });
  await client.hello();
  await client.call('x');
  await client.conversation.close();
  expect(own.lines).toContain('a/i1 ok tools/call 2');
  expect(hub.lines).toEqual([]);
});

describe('what nobody looks into until it is needed', () => {
  test('C08, broken values: a request that cannot be read is refused, the rest goes on', async () => {
    const opener = new ScriptedOpener({
      a: { on: { 'tools/list': toolsNamed('x', '__proto__', 'constructor'), 'tools/call': { content: [] } } },
    });
    mux = muxOver(opener);
    const client = new ScriptedClient(mux, { endpoint: merged(['a']) });
    await client.hello();
    await client.request('tools/list');
    expect((await client.call('a____proto__')).answer.result).toEqual({ content: [] });
    expect((await client.call('toString')).answer.error).toMatchObject({ code: -32602 });
    expect((await client.request('__proto__')).answer.error).toMatchObject({ code: -32601 });
    client.notify('constructor', { x: 1 });
    opener.last('a').say({ jsonrpc: '2.0', method: '__proto__', params: { x: 1 } });
    opener
      .last('a')
      .say({ jsonrpc: '2.0', method: 'notifications/progress', params: { progressToken: '__proto__' } });
    const bad = await client.raw(
      '{"jsonrpc":"2.0","id":"bad","method":"subscriptions/listen","params":{"notifications":{"a":[1 2]},"_meta":' +
        '{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}}',
    );
    expect(bad.answer).toMatchObject({ id: 'bad', error: { code: -32603 } });
    expect((await client.call('a__x')).answer.result).toEqual({ content: [] });
    expect(({} as { x?: number }).x).toBeUndefined();
  });
});

describe('servers that let others wait', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
  afterEach(() => void vi.useRealTimers());

  test('cost five seconds once, and are told of when they come', async () => {
    let release = (): void => {};
    const opener = new ScriptedOpener({
      slow: {
        on: {
          'tools/list': ({ id }, instance) => {
            release = () => instance.say({ jsonrpc: '2.0', id: id!, result: toolsNamed('late') });
            return SILENT;
          },
        },
      },
      quick: { on: { 'tools/list': toolsNamed('x') } },
    });
    mux = muxOver(opener);
    const client = new ScriptedClient(mux, { endpoint: merged(['slow', 'quick']) });
    await client.hello();
    const names = async (list = client.request('tools/list')): Promise<string[]> =>
      ((await list).answer.result as { tools: { name: string }[] }).tools.map(({ name }) => name);
    const first = client.request('tools/list');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await names(first)).toEqual(['quick__x']);
    expect(await names()).toEqual(['quick__x']);
    release();
    await vi.advanceTimersByTimeAsync(100);
    expect(client.heard('notifications/tools/list_changed')).toHaveLength(1);
    expect(await names()).toEqual(['slow__late', 'quick__x']);
  });

  test('an answer that shows progress is waited for', async () => {
    const opener = new ScriptedOpener({
      one: { sharing: { callTimeoutMs: 4_000 }, on: { 'tools/call': SILENT } },
    });
    mux = muxOver(opener);
    const client = new ScriptedClient(mux, { endpoint: single('one') });
    await client.hello();
    let isOver = false;
    const call = client.request('tools/call', { name: 'x', _meta: { progressToken: 'p' } }).then((told) => {
      isOver = true;
      return told;
    });
    const { id } = await opener.last('one').next('tools/call');
    await vi.advanceTimersByTimeAsync(3_000);
    opener
      .last('one')
      .say({ jsonrpc: '2.0', method: 'notifications/progress', params: { progressToken: id, progress: 1 } });
    await vi.advanceTimersByTimeAsync(3_500);
    expect(isOver).toBe(false);
    await vi.advanceTimersByTimeAsync(2_000);
    expect((await call).answer.error).toMatchObject({ code: -32001 });
  });
});
