import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { exportWriter } from '../../../shared/export/export-writer.ts';
import type { ExchangeDetail, ExportFormat } from '../../../shared/model/exchange.ts';
import { bare, full, hostile } from './details.ts';

const CREATOR = { name: 'Patchbay', version: '1.2.3' };

function written(format: ExportFormat, ...pieces: ExchangeDetail[][]): string {
  const writer = exportWriter(format, CREATOR);
  return writer.head + pieces.map((piece) => writer.write(piece).text).join('') + writer.tail;
}

test('JSONL is one document per line, whatever it holds', () => {
  const lines = written('jsonl', [full], [hostile]).trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([full, hostile]);
  expect(written('jsonl')).toBe('');
});

describe('CSV', () => {
  const cells = (tool: string): string =>
    written('csv', [bare({ tool })])
      .split('\r\n')
      .slice(1)
      .join('\r\n');

  test('has a header and plain values', () => {
    const [header, line, end] = written('csv', [bare({ errorCode: -32_601, project: null })]).split('\r\n');
    expect(header).toMatch(/^id,at,sessionId,client,project,server,/);
    expect(line).toBe(
      '1,2023-11-14T22:13:20.000Z,session-1,claude-code,,github,instance-1,client-to-server,request,tools/call,create_issue,1,ok,-32601,,100,200,12.5,0.2',
    );
    expect(end).toBe('');
  });

  test.each([
    ['a,b', '"a,b"'],
    ['say "x"', '"say ""x"""'],
    ['a\r\nb', '"a\r\nb"'],
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@cmd', "'@cmd"],
    ['\t=1', "'\t=1"],
    ['=HYPERLINK("x","y")', '"\'=HYPERLINK(""x"",""y"")"'],
  ])('%j is written as %s', (value, text) => expect(cells(value)).toContain(`,${text},`));
});

/** What HAR 1.2 requires of the parts that are written; members that begin with `_` are everyone's own. */
const own = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z
    .object(shape)
    .catchall(z.unknown())
    .superRefine((value, context) => {
      for (const name of Object.keys(value)) {
        if (!(name in shape) && !name.startsWith('_')) context.addIssue(`HAR knows no ${name}`);
      }
    });
const duration = z.number().min(0);
const size = z.number().int().min(-1);
const pairs = z.array(own({ name: z.string(), value: z.string(), comment: z.string().optional() }));
const HarFile = own({
  log: own({
    version: z.literal('1.2'),
    creator: own({ name: z.string(), version: z.string() }),
    // Optional there; Firefox reads it without asking.
    pages: z.array(z.unknown()),
    entries: z.array(
      own({
        startedDateTime: z.iso.datetime({ precision: 3 }),
        time: duration,
        request: own({
          method: z.string().min(1),
          url: z.url({ protocol: /^https?$/, hostname: z.regexes.domain }),
          httpVersion: z.string(),
          cookies: z.array(z.unknown()),
          headers: pairs,
          queryString: pairs,
          postData: own({
            mimeType: z.string(),
            text: z.string(),
            comment: z.string().optional(),
          }).optional(),
          headersSize: size,
          bodySize: size,
        }),
        response: own({
          status: z.number().int(),
          statusText: z.string(),
          httpVersion: z.string(),
          cookies: z.array(z.unknown()),
          headers: pairs,
          content: own({
            size: z.number().int().min(0),
            mimeType: z.string(),
            text: z.string().optional(),
            comment: z.string().optional(),
          }),
          redirectURL: z.string(),
          headersSize: size,
          bodySize: size,
        }),
        cache: z.object({}),
        timings: own({
          blocked: z.number().min(-1),
          send: duration,
          wait: duration,
          receive: duration,
        }),
      }),
    ),
  }),
});

describe('HAR', () => {
  const parse = (...pieces: ExchangeDetail[][]) =>
    HarFile.parse(JSON.parse(written('har', ...pieces)) as unknown).log;

  test('is an archive as the specification and both browsers want it, in one piece or several', () => {
    const states = (['ok', 'tool-error', 'error', 'cancelled', 'lost', 'pending'] as const).map((outcome) =>
      bare({ outcome, durationMs: outcome === 'pending' ? null : 3, responseBytes: null }),
    );
    const log = parse([full, bare({ id: 2 })], [hostile], states);
    expect(log.creator).toEqual(CREATOR);
    expect(log.entries).toHaveLength(9);
    expect(log.entries[0]).toMatchObject({
      startedDateTime: '2023-11-14T22:13:20.000Z',
      time: 12.5,
      request: {
        method: 'POST',
        url: 'http://github.mcp.invalid/tools/call/create_issue',
        bodySize: 100,
        postData: { text: '{"id":1}' },
      },
      response: { status: 200, content: { text: '{"res', comment: 'Cut: the frame had 9999 bytes.' } },
      timings: { blocked: 2, send: 0.1, wait: 10.3, receive: 0.1 },
      _exchange: full.exchange,
    });
    expect(log.entries[1]?.request).not.toHaveProperty('postData');
    expect(log.entries.slice(3).map(({ response }) => response.status)).toEqual([200, 200, 500, 499, 0, 0]);
    expect(parse().entries).toEqual([]);
  });

  test('its times add up to the whole', () => {
    for (const { time, timings } of parse([full, bare()]).entries) {
      const { blocked, send, wait, receive } = timings;
      expect(Math.max(0, blocked) + send + wait + receive).toBeCloseTo(time, 6);
    }
  });

  test.each([
    ['a/../b ü<script>', 'x?#\ud800/y', '..', 'http://a-b-script.mcp.invalid/x%3F%23%EF%BF%BD/y/_..'],
    ['日本', 'tools/call', 'a/b', 'http://server.mcp.invalid/tools/call/a%2Fb'],
    ['-GitHub-', 'ping', null, 'http://github.mcp.invalid/ping'],
  ])('the address of %j %j %j is %s, and stays so', (server, method, tool, url) => {
    const [entry] = parse([bare({ server, method, tool })]).entries;
    expect(entry?.request.url).toBe(url);
    expect(new URL(url).href).toBe(url);
  });
});
