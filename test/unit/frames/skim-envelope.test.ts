import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readEnvelope } from '../../../electron/hub/frames/read-envelope.ts';
import {
  LARGE_FRAME_BYTES,
  readCutAnswerId,
  skimAnswer,
  skimEnvelope,
} from '../../../electron/hub/frames/skim-envelope.ts';
import { splitLines } from '../../../electron/hub/frames/split-lines.ts';
import { jsonText, stringText } from './json-texts.ts';

const LARGE = JSON.stringify('x"\\}'.repeat(LARGE_FRAME_BYTES / 4));
const id = fc.oneof(fc.integer().map(String), stringText);
const place = fc.constantFrom('before', 'after');

/** Members in any order with a large one among them. */
const orderOf = (members: readonly string[], large: string): fc.Arbitrary<string> =>
  fc
    .shuffledSubarray([...members], { minLength: members.length })
    .chain((shuffled) =>
      fc.nat(members.length).map((at) => `{${shuffled.toSpliced(at, 0, large).join(', ')}}`),
    );

const answer = fc
  .record({
    id,
    place,
    simple: fc.subarray(['"isError":true', '"resultType":"complete"', '"x":-1.5e3']),
    more: jsonText,
  })
  .chain(({ id, simple, more }) =>
    orderOf([...simple, `"more":${more}`], `"content":${LARGE}`).chain((result) =>
      orderOf(['"jsonrpc":"2.0"', `"id":${id}`, '"vendor": null'], `"result":${result}`),
    ),
  );

describe('a large result by its two ends', () => {
  it('is what the whole frame says: the same id, the same kind, the same ranges', () => {
    fc.assert(
      fc.property(answer, (text) => {
        const frame = Buffer.from(text);
        const full = readEnvelope(frame);
        const skimmed = skimAnswer(frame);
        // In the middle they are not looked for.
        expect(
          skimmed && { ...skimmed, isToolError: full?.isToolError, resultType: full?.resultType },
        ).toEqual(full);
        if (skimmed?.isToolError) expect(full?.isToolError).toBe(true);
        if (skimmed?.resultType) expect(full?.resultType).toBe(skimmed.resultType);
        expect(skimEnvelope(frame)).toEqual(skimmed);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    [
      'as the TypeScript SDK writes it',
      `{"result":{"content":[${LARGE}],"isError":true},"jsonrpc":"2.0","id":7}`,
    ],
    [
      'as others write it',
      `{"jsonrpc":"2.0","id":7,"result":{"resultType":"x","isError":true,"content":[${LARGE}]}}`,
    ],
    [
      'with white space',
      `{ "jsonrpc" : "2.0" , "result" : { "c" : ${LARGE} , "isError" : true } , "id" : 7 } `,
    ],
  ])('%s: without a look at the middle', (_name, text) => {
    const frame = Buffer.from(text);
    const expected = readEnvelope(frame);
    expect(expected).toMatchObject({ id: '7', isToolError: true });
    expect(skimAnswer(frame)).toEqual(expected);
    // A bracket that does not match shows that nobody reads there; the bytes pass as they would without us.
    frame.write('}', text.indexOf(LARGE));
    expect(readEnvelope(frame)).toBeNull();
    expect(skimAnswer(frame)).toEqual(expected);
  });

  it.each([
    [
      'a string that looks like the end',
      `{"jsonrpc":"2.0","id":1,"result":{"t":${LARGE},"u":"\\",\\"id\\":7}"}}`,
      '1',
    ],
    ['an id inside the result', `{"jsonrpc":"2.0","id":1,"result":{"t":${LARGE},"id":7}}`, '1'],
    [
      'an id with escapes',
      `{"result":{"t":${LARGE}},"jsonrpc":"2.0","id":"\\",\\"id\\":7"}`,
      String.raw`"\",\"id\":7"`,
    ],
    [
      'an id of two kilobytes',
      `{"result":{"t":${LARGE}},"jsonrpc":"2.0","id":"${'i'.repeat(2_000)}"}`,
      undefined,
    ],
    ['a result that is an array', `{"result":[${LARGE}],"jsonrpc":"2.0","id":7}`, '7'],
    ['a result that is a string', `{"result":${LARGE},"jsonrpc":"2.0","id":7}`, '7'],
    ['a large error', `{"error":{"code":1,"message":"m","data":${LARGE}},"jsonrpc":"2.0","id":7}`, '7'],
    ['something large beside the result', `{"x":${LARGE},"result":{},"jsonrpc":"2.0","id":7}`, '7'],
    ['something large behind the result', `{"result":{},"x":{"y":${LARGE}},"jsonrpc":"2.0","id":7}`, '7'],
    ['the id twice', `{"id":1,"result":{"t":${LARGE}},"jsonrpc":"2.0","id":7}`, undefined],
    ['the id twice, once capital', `{"ID":1,"result":{"t":${LARGE}},"jsonrpc":"2.0","id":7}`, undefined],
    ['result and error', `{"error":{"code":1},"result":{"t":${LARGE}},"jsonrpc":"2.0","id":7}`, undefined],
    ['no version', `{"result":{"t":${LARGE}},"id":7}`, undefined],
    ['a cut frame', `{"result":{"t":${LARGE}},"jsonrpc":"2.0","id":7`, undefined],
    ['a batch', `[{"result":{"t":${LARGE}},"jsonrpc":"2.0","id":7}]`, undefined],
  ])('%s', (_name, text, expected) => {
    expect(skimAnswer(Buffer.from(text))?.id).toBe(expected);
  });

  it('B10: is refused when it is not UTF-8', () => {
    const frame = Buffer.from(`{"result":{"t":${LARGE}},"jsonrpc":"2.0","id":7}`);
    frame[40_000] = 0xff;
    expect(skimAnswer(frame)).toBeNull();
    expect(skimEnvelope(frame)).toBeNull();
  });
});

describe('a large call', () => {
  const call = (params: string): Buffer =>
    Buffer.from(`{"method":"tools/call","params":${params},"jsonrpc":"2.0","id":7}`);

  it('is read by its ends for those who watch, in full for those who decide', () => {
    const frame = call(`{"name":"write","arguments":{"t":${LARGE}},"_meta":{"progressToken":3}}`);
    expect(skimEnvelope(frame)).toMatchObject({
      kind: 'request',
      id: '7',
      method: 'tools/call',
      target: 'write',
    });
    expect(skimAnswer(frame)).toEqual(readEnvelope(frame));
    expect(skimAnswer(frame)?.progressToken).toBe('3');
  });

  it('C14: a second name in the middle deceives nobody who decides', () => {
    const frame = call(`{"name":"harmless","arguments":{"t":${LARGE}},"name":"other","x":[]}`);
    expect(skimAnswer(frame)).toBeNull();
  });

  it('has its name wherever it stands', () => {
    expect(skimEnvelope(call(`{"arguments":{"t":${LARGE}},"name":"last"}`))?.target).toBe('last');
    expect(skimEnvelope(call(`{"arguments":{"t":${LARGE}},"name":"middle","x":{}}`))?.target).toBe('middle');
  });
});

it('small frames are read in full', () => {
  const text =
    '{"method":"tools/call","params":{"name":"a","_meta":{"progressToken":3}},"jsonrpc":"2.0","id":7}';
  expect(skimEnvelope(Buffer.from(text))).toEqual(readEnvelope(Buffer.from(text)));
  expect(skimEnvelope(Buffer.from(text))?.progressToken).toBe('3');
});

it('never throws, whatever stands at the ends', () => {
  const ends = fc.array(
    fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"',
      ':',
      ',',
      '\\',
      '"id"',
      '"jsonrpc":"2.0"',
      '"result":{',
      '"params":{',
      '1',
      'null',
      ' ',
    ),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(ends, ends, (head, tail) => {
      const frame = Buffer.from(`{${head.join('')}${LARGE}${tail.join('')}}`);
      expect(() => [skimAnswer(frame), skimEnvelope(frame), readCutAnswerId(frame)]).not.toThrow();
    }),
  );
});

describe('B09: what is left of a line that is too long', () => {
  const cutId = (text: string): string | null => {
    let found: string | null = 'nothing was cut';
    const lines = splitLines(
      { line: () => {}, oversized: (_bytes, edges) => (found = readCutAnswerId(edges)) },
      10_000,
    );
    for (let at = 0; at < text.length; at += 3_000) lines.push(Buffer.from(text.slice(at, at + 3_000)));
    lines.push(Buffer.from('\n'));
    return found;
  };

  it('names the call that it answered, wherever its id stands', () => {
    expect(cutId(`{"result":{"content":[${LARGE}]},"jsonrpc":"2.0","id":12}`)).toBe('12');
    expect(cutId(`{"jsonrpc":"2.0","id":"a","result":{"content":[${LARGE}]}}`)).toBe('"a"');
    expect(cutId(`{"method":"tools/call","params":{"a":[${LARGE}]},"jsonrpc":"2.0","id":12}`)).toBeNull();
    expect(cutId('x'.repeat(100_000))).toBeNull();
  });
});
