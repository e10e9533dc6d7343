import { afterEach, describe, expect, test } from 'vitest';
import type { Endpoint, Mux } from '../../../electron/hub/routes/mux/mux.ts';
import { merged, muxOver, ScriptedClient, single } from './scripted-client.ts';
import {
  modernServer,
  ScriptedOpener,
  toolsNamed,
  type Message,
  type ServerScript,
} from './scripted-servers.ts';

let mux: Mux;
afterEach(() => mux.close());

function start(
  on: ServerScript['on'],
  endpoint: Endpoint = single('one'),
  sharing: ServerScript['sharing'] = {},
) {
  const opener = new ScriptedOpener({ one: { on, sharing } });
  mux = muxOver(opener);
  return { opener, client: new ScriptedClient(mux, { endpoint }) };
}

const VERSION = 'io.modelcontextprotocol/protocolVersion';
const CAPABILITIES = 'io.modelcontextprotocol/clientCapabilities';
const CLIENT_INFO = 'io.modelcontextprotocol/clientInfo';
const LOG_LEVEL = 'io.modelcontextprotocol/logLevel';
const metaOf = ({ params }: Message): Record<string, unknown> => params!._meta as Record<string, unknown>;

describe('legacy client, modern server', () => {
  test('each request says who asks; results lose what the old era lacks', async () => {
    const { opener, client } = start({
      ...modernServer({
        tools: { listChanged: true },
        extensions: { 'io.modelcontextprotocol/tasks': {}, 'a/b': {} },
      }),
      'tools/list': { ...toolsNamed('x'), resultType: 'complete', ttlMs: 5, cacheScope: 'public' },
      'tools/call': { resultType: 'complete', content: [], structuredContent: [1], vendor: 1 },
    });
    const { answer } = await client.hello({ sampling: {}, tasks: {} });
    expect(answer.result).toEqual({
      protocolVersion: '2025-11-25',
      capabilities: { tools: { listChanged: true }, extensions: { 'a/b': {} } },
      serverInfo: { name: 'modern', version: '1' },
    });
    await client.request('logging/setLevel', { level: 'info' });
    expect((await client.request('tools/list')).answer.result).toEqual(toolsNamed('x'));
    const { answer: called } = await client.request('tools/call', {
      name: 'x',
      _meta: { progressToken: 'p' },
    });
    expect(called.result).toEqual({ content: [], structuredContent: { result: [1] }, vendor: 1 });
    const sent = await opener.last('one').next('tools/call');
    expect(metaOf(sent)).toMatchObject({
      [VERSION]: '2026-07-28',
      [CAPABILITIES]: { sampling: {} },
      [LOG_LEVEL]: 'info',
    });
    expect(metaOf(sent)[CLIENT_INFO]).toMatchObject({ name: 'scripted-client' });
    expect(metaOf(sent).progressToken).toBe(sent.id);
  });

  test('questions in a result are asked one by one, and the request is repeated with the answers', async () => {
    let round = 0;
    const { opener, client } = start({
      ...modernServer(),
      'tools/call': ({ params }) => {
        round += 1;
        if (round === 1) {
          return {
            resultType: 'input_required',
            requestState: 's1',
            inputRequests: {
              name: { method: 'elicitation/create', params: { mode: 'form', message: 'Name?' } },
              roots: { method: 'roots/list' },
            },
          };
        }
        if (round === 2) return { resultType: 'input_required', requestState: 's2' };
        return { resultType: 'complete', content: [], seen: params };
      },
    });
    await client.hello({ elicitation: {}, roots: {} });
    const call = client.call('x', { a: 1 });
    const [form, roots] = [await client.next('elicitation/create'), await client.next('roots/list')];
    expect(form.params).toEqual({ mode: 'form', message: 'Name?' });
    client.answer(roots.id, { result: { roots: [] } });
    client.answer(form.id, { result: { action: 'accept', content: { n: 'Bo' } } });
    const { answer } = await call;
    expect(answer.result!.seen).toMatchObject({ name: 'x', arguments: { a: 1 }, requestState: 's2' });
    const sent = opener.last('one').received.filter(({ method }) => method === 'tools/call');
    expect(sent).toHaveLength(3);
    expect(sent[1]!.params).toMatchObject({
      requestState: 's1',
      inputResponses: { name: { action: 'accept', content: { n: 'Bo' } }, roots: { roots: [] } },
    });
    expect(sent[2]!.params).not.toHaveProperty('inputResponses');
    expect(new Set(sent.map(({ id }) => id)).size).toBe(3);
  });

  test('a question is one however large it is, and wherever the result says so', async () => {
    const message = 'Which of these? '.repeat(10_000);
    const { client } = start({
      ...modernServer(),
      'tools/call': ({ params }) =>
        params!.inputResponses
          ? { resultType: 'complete', content: [] }
          : {
              inputRequests: { q: { method: 'elicitation/create', params: { message } } },
              resultType: 'input_required',
              vendor: {},
            },
    });
    await client.hello({ elicitation: {} });
    const call = client.call('x');
    const question = await client.next('elicitation/create');
    expect(question.params).toEqual({ message });
    client.answer(question.id, { result: { action: 'decline' } });
    expect((await call).answer.result).toEqual({ content: [] });
  });

  test('names of a merged endpoint survive the repetition', async () => {
    let round = 0;
    const opener = new ScriptedOpener({
      one: {
        on: {
          ...modernServer(),
          'tools/list': { ...toolsNamed('tool'), ttlMs: 1, cacheScope: 'private' },
          'tools/call': ({ params }) => {
            round += 1;
            if (round > 1) return { resultType: 'complete', content: [], called: params!.name };
            return {
              resultType: 'input_required',
              inputRequests: { q: { method: 'elicitation/create', params: { message: 'Sure?' } } },
            };
          },
        },
      },
    });
    mux = muxOver(opener);
    const client = new ScriptedClient(mux, { endpoint: merged(['one']) });
    await client.hello({ elicitation: {} });
    await client.request('tools/list');
    const call = client.call('one__tool');
    const question = await client.next('elicitation/create');
    expect(question.params).toEqual({ message: '[one] Sure?' });
    client.answer(question.id, { result: { action: 'accept' } });
    expect((await call).answer.result).toEqual({ content: [], called: 'tool' });
  });

  test('what the client does not take, or refuses, fails the call', async () => {
    const { client } = start({
      ...modernServer(),
      'tools/call': { resultType: 'input_required', inputRequests: { r: { method: 'roots/list' } } },
    });
    await client.hello({});
    expect((await client.call('x')).answer.error!.message).toContain('roots/list');
    const able = new ScriptedClient(mux, { endpoint: single('one') });
    await able.hello({ roots: {} });
    const call = able.call('x');
    able.answer((await able.next('roots/list')).id, { error: { code: -1, message: 'not today' } });
    expect((await call).answer.error!.message).toContain('not today');
  });

  test('a server that never stops asking is stopped', async () => {
    const { opener, client } = start({
      ...modernServer(),
      'tools/call': { resultType: 'input_required', inputRequests: { r: { method: 'roots/list' } } },
    });
    await client.hello({ roots: {} });
    const call = client.call('x');
    for (let round = 0; round < 8; round += 1)
      client.answer((await client.next('roots/list')).id, { result: { roots: [] } });
    expect((await call).answer.error!.message).toContain('more than 8 times');
    expect(opener.last('one').received.filter(({ method }) => method === 'tools/call')).toHaveLength(9);
  });

  test('news come from the hub’s own stream', async () => {
    const { opener, client } = start(modernServer());
    await client.hello();
    const listen = await opener.last('one').next('subscriptions/listen');
    expect(listen.params).toMatchObject({
      notifications: { toolsListChanged: true },
      _meta: { [VERSION]: '2026-07-28' },
    });
    opener.last('one').say({
      jsonrpc: '2.0',
      method: 'notifications/tools/list_changed',
      params: { _meta: { 'io.modelcontextprotocol/subscriptionId': listen.id } },
    });
    expect((await client.next('notifications/tools/list_changed')).params).toBeUndefined();
  });
});
