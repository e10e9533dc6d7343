import { afterEach, describe, expect, test } from 'vitest';
import { skimAnswer } from '../../../electron/hub/frames/skim-envelope.ts';
import { withAnswerId } from '../../../electron/hub/routes/mux/answer-id.ts';
import type { Mux } from '../../../electron/hub/routes/mux/mux.ts';
import { muxOver, ScriptedClient, single } from './scripted-client.ts';
import { ScriptedOpener, SILENT } from './scripted-servers.ts';

const text = 'line with "quotes", \\ and ,"id":99} in it\n'.repeat(3_000);
const body = JSON.stringify({ content: [{ type: 'text', text }], isError: true });
const forms = [
  `{"jsonrpc":"2.0","id":7,"result":${body}}`,
  `{"id":7,"jsonrpc":"2.0","result":${body}}`,
  `{"id":7,"result":${body},"jsonrpc":"2.0"}`,
  `{"result":${body},"jsonrpc":"2.0","id":7}`,
  `{"jsonrpc":"2.0","result":${body},"id":7}`,
  `{"result":${body},"id":7,"jsonrpc":"2.0"}`,
  `{ "jsonrpc": "2.0", "id" : 7 , "result": ${body} }`,
];

describe('the id of a large answer that was read by its ends', () => {
  test.each(forms)('%#: is replaced, and nothing else', (frame) => {
    const line = Buffer.from(frame);
    const out = JSON.parse(withAnswerId(line, skimAnswer(line)!, '"mine"').toString()) as object;
    expect(out).toEqual({ jsonrpc: '2.0', id: 'mine', result: JSON.parse(body) as unknown });
  });

  test.each([
    `{"jsonrpc":"2.0","id":7,"result":${body},"id":8,"x":{}}`,
    `{"jsonrpc":"2.0", "id": 7, "result":${body},"id":8,"x":{}}`,
  ])('%#: a second one behind the result cannot reach another request of the client', (frame) => {
    const line = Buffer.from(frame);
    const out = withAnswerId(line, skimAnswer(line)!, '41').toString();
    expect((JSON.parse(out) as { id: number }).id).toBe(41);
  });
});

describe('through the mux', () => {
  let mux: Mux;
  afterEach(() => mux.close());

  test('a MiB comes back byte for byte, but for its id', async () => {
    const opener = new ScriptedOpener({
      one: {
        on: {
          'tools/call': ({ id }, instance) => {
            instance.say(`{"result":${body},"jsonrpc":"2.0","id":${id}}`);
            return SILENT;
          },
        },
      },
    });
    mux = muxOver(opener);
    const client = new ScriptedClient(mux, { endpoint: single('one') });
    await client.hello();
    const { raw } = await client.request('tools/call', { name: 'x' }, 'big');
    expect(raw).toBe(`{"result":${body},"jsonrpc":"2.0","id":"big"}`);
  });
});
