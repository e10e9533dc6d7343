import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exportWriter } from '../../../shared/export/export-writer.ts';
import { readExport } from '../../../shared/export/read-export.ts';
import { findJsonFault } from '../../../shared/json-rpc/find-json-fault.ts';
import { PatchbayError } from '../../../shared/model/error.ts';
import type { ExchangeDetail, ExportFormat } from '../../../shared/model/exchange.ts';
import { bare, full, hostile } from './details.ts';

const CREATOR = { name: 'Patchbay', version: '1.2.3' };

function file(format: ExportFormat, details: ExchangeDetail[]): string {
  const writer = exportWriter(format, CREATOR);
  return writer.head + writer.write(details).text + writer.tail;
}

function refusal(text: string): { code: string; message: string; line?: number; column?: number } {
  try {
    readExport(text);
  } catch (error) {
    if (error instanceof PatchbayError) return error.info;
    throw error;
  }
  throw new Error('it was read');
}

describe('an exported file', () => {
  const details = [full, hostile, bare({ id: 3, outcome: 'pending', durationMs: null })];

  test.each(['har', 'jsonl'] as const)('of %s is read back as it was written', (format) => {
    const text = file(format, details);
    expect(readExport(text)).toEqual({ format, details, leftOut: 0 });
    expect(readExport(`\ufeff${text.replaceAll('\n', '\r\n')}`).details).toEqual(details);
    expect(readExport(text, 2)).toEqual({ format, details: details.slice(0, 2), leftOut: 1 });
  });

  test('that another program has laid out anew is read as well', () => {
    const text = JSON.stringify(JSON.parse(file('har', details)), null, 2);
    expect(readExport(text).details).toEqual(details);
  });

  test.each([
    [
      'a broken line',
      `${file('jsonl', [full])}{"exchange":}\n`,
      '2:13 Line 2 is not JSON: A value is missing.',
    ],
    ['a line of something else', `${file('jsonl', [full])}\n{"a":1}\n`, '3:1 Line 3 is no exchange'],
    [
      'a cut archive',
      file('har', details).slice(0, -200),
      '4:879 Line 4 is not JSON: A string is not closed.',
    ],
    ['spans', file('otlp', [full]), '1:1 These are spans for OpenTelemetry'],
    ['a table', file('csv', [full]), '1:1 Line 1 is not JSON'],
    ['nothing', '\n\n', '1:1 The file holds no exchange'],
    ['no archive', '{"log":{"version":"1.2"}}', '1:1 This is no HAR file: log.entries'],
    [
      'a browser’s own archive',
      '{"log":{"version":"1.2","entries":[{"request":{}}]}}',
      'undefined:undefined Entry 1 was not written by Patchbay',
    ],
    [
      'an entry that was tampered with',
      file('har', details).replace('"id":2,', '"id":"2",'),
      '3:1 Entry 2 is not as Patchbay writes them: _exchange.id',
    ],
    [
      'a time beyond all calendars',
      file('jsonl', [full, bare({ at: 9e15 - 1 })]),
      '2:1 Line 2 has a time that no calendar knows.',
    ],
  ])('%s is refused, with its place', (_, text, told) => {
    const { code, message, line, column } = refusal(text);
    expect(code).toBe('INPUT_INVALID');
    expect(`${line}:${column} ${message}`).toContain(told);
  });

  test('is refused in no time however deep it is', () => {
    expect(refusal('['.repeat(2_000_000)).code).toBe('INPUT_INVALID');
  });
});

describe('the fault of a text', () => {
  test('is found exactly where JSON.parse refuses it', () => {
    const json = fc.json({ maxDepth: 4 });
    const broken = fc
      .tuple(
        json,
        fc.nat(),
        fc.constantFrom('', ',', '}', ']', '"', ':', '\\', '1', 'x', '\n', '{', '\u0001'),
      )
      .map(([text, at, insert]) => {
        const place = at % (text.length + 1);
        return text.slice(0, place) + insert + text.slice(insert === '' ? place + 1 : place);
      });
    fc.assert(
      fc.property(fc.oneof(json, broken, fc.string()), (text) => {
        let isJson = true;
        try {
          JSON.parse(text);
        } catch {
          isJson = false;
        }
        const fault = findJsonFault(text);
        expect(fault === null).toBe(isJson);
        if (!fault) return;
        // What stands before the place could still have become JSON: nothing there is wrong by itself.
        expect(fault.offset).toBeLessThanOrEqual(text.length);
        const earlier = findJsonFault(text.slice(0, fault.offset));
        expect(
          earlier === null || earlier.offset === fault.offset || /not closed/.test(earlier.message),
        ).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  test.each([
    ['{"a":1,}', 1, 8, 'A key in double quotes is missing.'],
    ['{"a":1\n "b":2}', 2, 2, 'A comma or a closing bracket is missing.'],
    ['[1,\r\n2,\r\n]', 3, 1, 'A value is missing.'],
    ['{"a" 1}', 1, 6, 'A colon is missing.'],
    ['{} {}', 1, 4, 'More text follows after the end.'],
    ['{"a":"b', 1, 6, 'A string is not closed.'],
    ['["a\nb"]', 1, 4, 'A character stands here that must be escaped.'],
    ['["\\x"]', 1, 3, 'An escape in a string is wrong.'],
    ['', 1, 1, 'A value is missing.'],
    ['{a:1}', 1, 2, 'A key in double quotes or a closing } is missing.'],
  ])('%j is at line %i, column %i: %s', (text, line, column, message) => {
    expect(findJsonFault(text)).toMatchObject({ line, column, message });
  });
});
