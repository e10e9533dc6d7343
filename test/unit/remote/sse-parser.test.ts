import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSseParser } from '../../../electron/hub/servers/remote/sse-parser.ts';

type Out = { type: string; data: string; id: string } | { oversized: number };

interface Read {
  out: Out[];
  lastEventId: string;
  retryMs: number | null;
}

function read(chunks: readonly Uint8Array[], maxBytes?: number): Read {
  const out: Out[] = [];
  const parser = createSseParser(
    {
      event: (data, type) => out.push({ type, data: data.toString('latin1'), id: parser.lastEventId }),
      oversized: (bytes) => out.push({ oversized: bytes }),
    },
    maxBytes,
  );
  for (const chunk of chunks) parser.push(Buffer.from(chunk));
  return { out, lastEventId: parser.lastEventId, retryMs: parser.retryMs };
}

const readText = (text: string, maxBytes?: number): Read => read([Buffer.from(text, 'latin1')], maxBytes);

/** The standard's own words (HTML, "Interpreting an event stream") over the whole text at once; bytes as Latin-1. */
function reference(text: string): Read {
  const out: Out[] = [];
  let data: string[] = [];
  let type = '';
  let id: string | null = null;
  let lastEventId = '';
  let retryMs: number | null = null;
  const lines = text.replace(/^\xef\xbb\xbf/, '').split(/\r\n|\r|\n/);
  lines.pop();
  for (const line of lines) {
    if (line === '') {
      if (id !== null) lastEventId = id;
      // Ours: events without a byte of data tell nothing.
      if (data.some((part) => part !== ''))
        out.push({ type: type || 'message', data: data.join('\n'), id: lastEventId });
      data = [];
      type = '';
      id = null;
      continue;
    }
    const colon = line.indexOf(':');
    if (colon === 0) continue;
    const name = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (name === 'data') data.push(value);
    if (name === 'event') type = Buffer.from(value, 'latin1').toString();
    if (name === 'id' && !/[\0-\x08\x0b-\x1f\x7f]/.test(value)) id = value;
    if (name === 'retry' && /^\d{1,9}$/.test(value)) retryMs = Number(value);
  }
  return { out, lastEventId, retryMs };
}

function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const at = [...places.map((place) => place % (bytes.length + 1)), 0, bytes.length].toSorted(
    (a, b) => a - b,
  );
  return at.slice(1).map((end, index) => bytes.subarray(at[index], end));
}

const lineEnd = fc.constantFrom('\n', '\r', '\r\n');
const text = fc.string({
  unit: fc.constantFrom('a', '1', ':', ' ', '\t', '{', '"', '\xc3', '\xa9', '\0', '\x7f', 'data', 'id'),
  maxLength: 6,
});
const line = fc.oneof(
  text,
  fc
    .tuple(
      fc.constantFrom('data', 'data', 'data', 'event', 'id', 'retry', '', 'datax', 'Data'),
      fc.constantFrom(':', ': ', ''),
      text,
    )
    .map((parts) => parts.join('')),
  fc.integer({ min: 0, max: 5_000_000_000 }).map((ms) => `retry: ${ms}`),
  fc.constant(''),
  fc.constant(''),
);
const stream = fc
  .tuple(fc.constantFrom('', '', '\xef\xbb\xbf'), fc.array(fc.tuple(line, lineEnd), { maxLength: 30 }), text)
  .map(([bom, lines, rest]) => bom + lines.flat().join('') + rest);

describe('the parser of event streams', () => {
  it('reads what the standard says, whatever the line ends and the chunking', () => {
    fc.assert(
      fc.property(stream, fc.array(fc.nat(), { maxLength: 12 }), (whole, places) => {
        const bytes = Buffer.from(whole, 'latin1');
        const expected = reference(whole);
        expect(read(cut(bytes, places))).toEqual(expected);
        expect(read([...bytes].map((byte) => Buffer.from([byte])))).toEqual(expected);
      }),
      { numRuns: 2_000 },
    );
  });

  it('never cuts a character, as it reads bytes', () => {
    const { out } = read(
      [Buffer.from('data: {"a":"ü€😀"}\n\n')].flatMap((bytes) => [...bytes].map((b) => Buffer.from([b]))),
    );
    expect(Buffer.from((out[0] as { data: string }).data, 'latin1').toString()).toBe('{"a":"ü€😀"}');
  });

  it('B29 gives out nothing of an event that was cut off, and keeps the id before it', () => {
    expect(readText('id: 1\ndata: a\n\nid: 2\ndata: b\n')).toMatchObject({
      out: [{ type: 'message', data: 'a', id: '1' }],
      lastEventId: '1',
    });
  });

  it('takes the id of an event without data, as a server primes a stream', () => {
    expect(readText('retry: 250\nid: p-1\ndata: \n\n')).toEqual({
      out: [],
      lastEventId: 'p-1',
      retryMs: 250,
    });
  });

  it('B09 passes over an event that is too long, in one line or in many, and reads on', () => {
    const long = `data: ${'x'.repeat(50)}\n\n`;
    const many = `${'data: xxxxxxxx\n'.repeat(8)}\n`;
    for (const text of [long, many, `id: 7\n${long}`]) {
      for (const chunk of [1, 7, 1_000]) {
        const bytes = Buffer.from(`${text}data: ok\n\n`);
        const places = Array.from({ length: Math.floor(bytes.length / chunk) }, (_, index) => index * chunk);
        const { out } = read(cut(bytes, places), 40);
        expect(out).toMatchObject([{ oversized: expect.any(Number) as number }, { data: 'ok' }]);
        expect((out[0] as { oversized: number }).oversized).toBeGreaterThan(40);
      }
    }
  });

  it('B09 is not exhausted by empty lines of data, which cost their sender nothing', () => {
    const { out } = readText(`${'data\n'.repeat(70_000)}\ndata: ok\n\n`);
    expect(out).toMatchObject([{ oversized: expect.any(Number) as number }, { data: 'ok' }]);
  });

  it('keeps no id that a header could not carry back', () => {
    for (const id of ['a\0b', 'a\x1bb', 'x'.repeat(1_025)]) {
      expect(readText(`id: 1\ndata: a\n\nid: ${id}\ndata: b\n\n`).lastEventId).toBe('1');
    }
  });

  it('joins a line that comes in thousands of pieces', () => {
    const value = 'y'.repeat(5_000);
    const { out } = read([...Buffer.from(`data: ${value}\n\n`)].map((byte) => Buffer.from([byte])));
    expect(out).toEqual([{ type: 'message', data: value, id: '' }]);
  });
});
