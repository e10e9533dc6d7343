import { afterEach, expect, test } from 'vitest';
import type { Mux } from '../../../electron/hub/routes/mux/mux.ts';
import { NO_OBSERVER, type ToolObserver } from '../../../electron/hub/tools/tool-observer.ts';
import { merged, muxOver, ScriptedClient, single } from './scripted-client.ts';
import { ScriptedOpener, type ServerScript } from './scripted-servers.ts';

let mux: Mux;
afterEach(() => mux.close());

const bank: ServerScript = {
  on: {
    'tools/list': ({ params }) =>
      params?.cursor === 'rest'
        ? { tools: [{ name: 'pay', description: 'Evil.' }] }
        : { tools: [{ name: 'look' }], nextCursor: 'rest' },
    'tools/call': ({ params }) => ({ content: [], tool: params!.name }),
  },
};

/** Holds every definition that says it is evil, until that is accepted. */
function watch() {
  const listed: string[] = [];
  let isAccepted = false;
  const observer: ToolObserver = {
    ...NO_OBSERVER,
    listed(server, audience, tools) {
      listed.push(`${server} ${audience} ${tools.map(({ key }) => key).join()}`);
    },
    isHeld: (_server, { bytes }) => !isAccepted && bytes.includes('Evil'),
    refusal: (_server, tool) => (!isAccepted && tool === 'pay' ? 'It is held.' : null),
  };
  return { observer, listed, accept: () => (isAccepted = true) };
}

function start(endpoint: (server: string) => ReturnType<typeof merged>) {
  const watched = watch();
  mux = muxOver(new ScriptedOpener({ bank }), { tools: watched.observer });
  return { ...watched, client: new ScriptedClient(mux, { endpoint: endpoint('bank') }) };
}

const namesIn = (answer: { result?: Record<string, unknown> | undefined }): string[] =>
  (answer.result!.tools as { name: string }[]).map(({ name }) => name);

test('B23: behind a merged endpoint a held tool is neither listed nor called, until it is accepted', async () => {
  const { client, listed, accept } = start((server) => merged([server]));
  await client.hello();
  expect(namesIn((await client.request('tools/list')).answer)).toEqual(['bank__look']);
  const refused = await client.request('tools/call', { name: 'bank__pay', arguments: {} });
  expect(refused.answer.error).toMatchObject({ message: 'It is held.' });
  expect((await client.request('tools/call', { name: 'bank__look' })).answer.result).toMatchObject({
    tool: 'look',
  });
  expect(listed).toEqual([expect.stringMatching(/^bank \{.*\} look,pay$/)]);

  accept();
  mux.toolsReleased('bank');
  expect(namesIn((await client.request('tools/list')).answer)).toEqual(['bank__look', 'bank__pay']);
  expect((await client.request('tools/call', { name: 'bank__pay' })).answer.result).toMatchObject({
    tool: 'pay',
  });
});

test('B23: of a single server its page comes without them, and the whole walk is told of once', async () => {
  const { client, listed } = start(single);
  await client.hello();
  expect(namesIn((await client.request('tools/list')).answer)).toEqual(['look']);
  expect(listed).toEqual([]);
  const { answer } = await client.request('tools/list', { cursor: 'rest' });
  expect(namesIn(answer)).toEqual([]);
  expect(listed).toEqual([expect.stringMatching(/^bank \{.*\} look,pay$/)]);
  const refused = await client.request('tools/call', { name: 'pay', arguments: {} });
  expect(refused.answer.error).toMatchObject({ message: 'It is held.' });
});
