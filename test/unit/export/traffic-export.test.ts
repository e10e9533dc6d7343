import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createTrafficExport } from '../../../electron/hub/export/traffic-export.ts';
import type { ExportSource } from '../../../electron/hub/export/exchange-pages.ts';
import { readExport } from '../../../shared/export/read-export.ts';
import { PatchbayError } from '../../../shared/model/error.ts';
import type { ExchangeDetail, ExportFormat } from '../../../shared/model/exchange.ts';
import { type Collector, startCollector } from '../../support/otlp-collector.ts';
import { bare } from './details.ts';

interface Log extends ExportSource {
  /** Most exchanges that were being read at one time. */
  readonly atOnce: number;
  readonly read: number[];
}

/** A log of `count` exchanges; `gone` has been dropped since it was listed. */
function log(
  count: number,
  detail: (id: number) => ExchangeDetail = (id) => bare({ id }),
  gone?: number,
): Log {
  let open = 0;
  let atOnce = 0;
  const read: number[] = [];
  return {
    get atOnce() {
      return atOnce;
    },
    read,
    async list({ filter, limit, before = count + 1 }) {
      if (filter === 'broken:') throw new PatchbayError('FILTER_INVALID', 'There is no field "broken".');
      const ids = Array.from({ length: Math.min(limit, before - 1) }, (_, index) => before - 1 - index);
      return { exchanges: ids.map((id) => detail(id).exchange), more: before - 1 > limit };
    },
    async get(id) {
      open += 1;
      atOnce = Math.max(atOnce, open);
      await new Promise((resolve) => setImmediate(resolve));
      open -= 1;
      read.push(id);
      if (id === gone) throw new PatchbayError('NOT_FOUND', 'gone');
      return detail(id);
    },
  };
}

const never = new AbortController().signal;

async function whole(source: ExportSource, query: { format: ExportFormat; limit: number; filter?: string }) {
  const chunks = [];
  for await (const chunk of createTrafficExport(source, '1.2.3').file({ filter: '', ...query }, never)) {
    chunks.push(chunk);
  }
  return { chunks, text: chunks.map(({ text }) => text).join(''), count: chunks.at(-1)?.count };
}

describe('a file', () => {
  test('holds the newest of the log, the oldest of them first, and what went meanwhile is left out', async () => {
    const source = log(2_500, undefined, 2_000);
    const { text, count } = await whole(source, { format: 'jsonl', limit: 1_200 });
    const ids = readExport(text).details.map(({ exchange }) => exchange.id);
    expect(ids).toHaveLength(1_199);
    expect(ids).toEqual(ids.toSorted((a, b) => a - b));
    expect([ids[0], ids.at(-1), ids.includes(2_000)]).toEqual([1_301, 2_500, false]);
    expect(count).toBe(1_199);
    expect(source.atOnce).toBeLessThanOrEqual(8);
  });

  test.each(['har', 'jsonl', 'csv', 'otlp'] as const)('of nothing is whole as %s', async (format) => {
    const { text, count } = await whole(log(0), { format, limit: 10 });
    expect(count).toBe(0);
    if (format === 'har') expect(JSON.parse(text)).toMatchObject({ log: { entries: [] } });
  });

  test('comes in pieces that a carrier takes, cut between characters', async () => {
    const text = '😀'.repeat(700_000);
    const large = (id: number): ExchangeDetail => ({
      ...bare({ id }),
      response: { text, bytes: 4, truncated: false, redactions: 0 },
    });
    const { chunks, text: file } = await whole(log(3, large), { format: 'har', limit: 3 });
    expect(Math.max(...chunks.map((chunk) => chunk.text.length))).toBeLessThan(1_100_000);
    const bytes = Buffer.concat(chunks.map((chunk) => Buffer.from(chunk.text)));
    expect(bytes.toString()).toBe(file);
    expect(readExport(file).details.map(({ response }) => response?.text === text)).toEqual([
      true,
      true,
      true,
    ]);
  });

  test('reads no more of the log when its reader goes', async () => {
    const source = log(5_000, (id) => ({
      ...bare({ id }),
      request: { text: 'x'.repeat(100_000), bytes: 1, truncated: false, redactions: 0 },
    }));
    const abort = new AbortController();
    const file = createTrafficExport(source, '1').file(
      { filter: '', format: 'jsonl', limit: 5_000 },
      abort.signal,
    );
    await file.next();
    abort.abort();
    while (!(await file.next()).done);
    expect(source.read.length).toBeLessThan(50);
  });

  test('of spans has many in a line', async () => {
    const { text, count } = await whole(log(1_000), { format: 'otlp', limit: 1_000 });
    expect(text.trimEnd().split('\n')).toHaveLength(3);
    expect(count).toBe(1_000);
  });

  test('is refused for a broken filter', async () => {
    await expect(whole(log(1), { format: 'har', limit: 1, filter: 'broken:' })).rejects.toMatchObject({
      code: 'FILTER_INVALID',
    });
  });
});

describe('spans sent to a collector', () => {
  let collector: Collector;
  beforeEach(async () => {
    collector = await startCollector();
  });
  afterEach(() => collector.close());

  const send = (source: ExportSource, more: { url?: string; headers?: Record<string, string> } = {}) =>
    createTrafficExport(source, '1.2.3').sendSpans({
      filter: '',
      limit: 100_000,
      url: collector.url,
      headers: {},
      ...more,
    });

  test('arrive in order, in bounded requests, with the headers that were given', async () => {
    const { spans } = await send(log(1_000), { headers: { authorization: 'Bearer k' } });
    expect(spans).toBe(1_000);
    expect(collector.spans().map(({ span }) => BigInt(span.endTimeUnixNano) > 0n)).toHaveLength(1_000);
    expect(collector.requests).toHaveLength(3);
    expect(collector.requests.every(({ headers }) => headers.authorization === 'Bearer k')).toBe(true);
  });

  test('are none for an empty log, and then nothing is asked', async () => {
    expect(await send(log(0))).toEqual({ spans: 0 });
    expect(collector.requests).toEqual([]);
  });

  test('wait for a collector that is busy, as long as it asks', async () => {
    collector.answers.push({ status: 503, body: '', headers: { 'retry-after': '0' } });
    expect(await send(log(1))).toEqual({ spans: 1 });
  });

  test.each([
    ['a fault', { status: 400, body: '{"code":3,"message":"bad span"}' }, 'answered 400: bad span'],
    ['text', { status: 401, body: 'Who are you?' }, 'answered 401: Who are you?'],
    ['a redirect', { status: 302, body: '', headers: { location: 'http://127.0.0.1:1/' } }, 'answered 302'],
    ['a long page', { status: 500, body: 'x'.repeat(200_000) }, `answered 500: ${'x'.repeat(300)}`],
    [
      'a part',
      { status: 200, body: '{"partialSuccess":{"rejectedSpans":"2","errorMessage":"too old"}}' },
      'turned away 2 of 3 spans: too old',
    ],
    [
      'a part without a word',
      { status: 200, body: '{"partialSuccess":{"rejectedSpans":1}}' },
      'turned away 1 of 3 spans.',
    ],
  ])('that are answered with %s fail with what was said', async (_, answer, message) => {
    collector.answers.push(answer);
    const failure = await send(log(3)).catch((error: unknown) => error as PatchbayError);
    expect(failure).toMatchObject({ code: 'EXPORT_FAILED' });
    expect((failure as PatchbayError).message).toBe(`The collector at ${collector.url} ${message}`);
  });

  test('that nobody takes say so', async () => {
    const { url } = collector;
    await collector.close();
    await expect(send(log(1), { url })).rejects.toMatchObject({
      code: 'EXPORT_FAILED',
      message: expect.stringMatching(/cannot be reached: connect ECONNREFUSED/),
    });
    collector = await startCollector();
  });

  test('never tell a key, be it in the address or in a header', async () => {
    collector.answers.push({ status: 403, body: 'no' });
    const fails = async (more: Parameters<typeof send>[1]): Promise<string> => {
      try {
        await send(log(1), more);
      } catch (error) {
        return String(error);
      }
      throw new Error('it was sent');
    };
    const told = await Promise.all([
      fails({ url: `${collector.url}?key=secret-1` }),
      fails({ headers: { 'x-key': 'secret\n-2' } }),
      fails({ headers: { 'bad name': 'secret-3' } }),
      fails({ url: collector.url.replace('//', '//me:secret-4@') }),
      fails({ url: 'file:///etc/secret-5' }),
    ]);
    expect(told.join('\n')).not.toContain('secret');
  });
});
