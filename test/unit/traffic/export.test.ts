import { describe, expect, test } from 'vitest';
import { toCsv, toHar, toJsonl } from '../../../electron/hub/traffic/export.ts';
import type { ExchangeDetail } from '../../../shared/model/exchange.ts';
import { exchange } from './exchange-fixture.ts';

const full: ExchangeDetail = {
  exchange: exchange(),
  request: { text: '{"id":1}', bytes: 100, truncated: false, redactions: 0 },
  response: { text: '{"res', bytes: 9_999, truncated: true, redactions: 1 },
  phases: { queueMs: 2, hubInMs: 0.1, serverMs: 10.3, hubOutMs: 0.1 },
};

const bare = (changes: Parameters<typeof exchange>[0]): ExchangeDetail => ({
  exchange: exchange(changes),
  request: null,
  response: null,
  phases: null,
});

const text = (chunks: Iterable<string>): string => [...chunks].join('');

test('JSONL is one document per line, whatever it holds', () => {
  const hostile = bare({ tool: 'a\n\u2028"\u001B[31m' });
  const lines = text(toJsonl([full, hostile]))
    .trimEnd()
    .split('\n');
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([full, hostile]);
  expect(text(toJsonl([]))).toBe('');
});

describe('CSV', () => {
  const cells = (tool: string): string =>
    text(toCsv([bare({ tool })]))
      .split('\r\n')
      .slice(1)
      .join('\r\n');

  test('has a header and plain values', () => {
    const [header, line, end] = text(toCsv([bare({ errorCode: -32_601, project: null })])).split('\r\n');
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
  ])('%j is written as %s', (value, written) => expect(cells(value)).toContain(`,${written},`));
});

describe('HAR', () => {
  const parse = (details: ExchangeDetail[]) =>
    (JSON.parse(text(toHar(details))) as { log: { version: string; entries: Record<string, unknown>[] } })
      .log;

  test('is an archive with an entry per exchange', () => {
    const log = parse([full, bare({ id: 2 })]);
    expect(log).toMatchObject({ version: '1.2', creator: { name: 'Patchbay', version: '0.0.0-test' } });
    expect(log.entries[0]).toMatchObject({
      startedDateTime: '2023-11-14T22:13:20.000Z',
      time: 12.5,
      request: {
        method: 'POST',
        url: 'mcp://github/tools/call',
        bodySize: 100,
        postData: { text: '{"id":1}' },
      },
      response: { status: 200, content: { text: '{"res', comment: 'Cut: the frame had 9999 bytes.' } },
      timings: { blocked: 2, send: 0.1, wait: 10.3, receive: 0.1 },
      _exchange: full.exchange,
    });
    expect(log.entries[1]?.request).not.toHaveProperty('postData');
    expect(parse([]).entries).toEqual([]);
  });

  test('names that are no part of an address are escaped', () => {
    const [entry] = parse([bare({ server: 'a/../b c', method: 'x?#\ud800/y' })]).entries;
    expect(entry?.request).toMatchObject({ url: 'mcp://a%2F..%2Fb%20c/x%3F%23%EF%BF%BD/y' });
  });
});
