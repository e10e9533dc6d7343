import { afterEach, describe, expect, test } from 'vitest';
import { readEnvelope } from '../../../electron/hub/frames/read-envelope.ts';
import { withAnswerId } from '../../../electron/hub/routes/mux/answer-id.ts';
import { readLargeAnswer } from '../../../electron/hub/routes/mux/large-answer.ts';
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
];

describe('a large answer is read without a walk', () => {
  test.each(forms)('%#: as the whole would be', (frame) => {
    const line = Buffer.from(frame);
    const [quick, whole] = [readLargeAnswer(line)!, readEnvelope(line)!];
    expect(quick).toMatchObject({ kind: 'response', id: '7', isToolError: true, error: null });
    for (const key of ['id', 'idEnd', 'result'] as const) expect(quick.ranges[key]).toBe(whole.ranges[key]);
    const out = JSON.parse(withAnswerId(line, quick, '"mine"').toString()) as {
      id: string;
      result: unknown;
      jsonrpc: string;
    };
    expect(out).toEqual({ jsonrpc: '2.0', id: 'mine', result: JSON.parse(body) as unknown });
  });

  test('any other form is left to the walk', () => {
    for (const frame of [
      `{"jsonrpc":"2.0","id":"7","result":${body}}`,
      `{"jsonrpc": "2.0","id":7,"result":${body}}`,
      `{"jsonrpc":"2.0","id":7,"error":{"code":1,"message":${JSON.stringify(text)}}}`,
      `{"jsonrpc":"2.0","id":7,"method":"x","params":${body}}`,
      `{"result":${body},"jsonrpc":"2.0","id":7 }`,
      `{"result":${body}}`,
    ]) {
      expect(readLargeAnswer(Buffer.from(frame))).toBeNull();
    }
    const broken = Buffer.from(forms[0]!);
    broken[60] = 0xff;
    expect(readLargeAnswer(broken)).toBeNull();
  });

  test('a second id behind the result cannot reach another request of the client', () => {
    const line = Buffer.from(`{"jsonrpc":"2.0","id":7,"result":${body},"id":8,"x":{}}`);
    const out = withAnswerId(line, readLargeAnswer(line)!, '41').toString();
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
