import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { completions, quoteIfNeeded } from '../../../shared/filter/complete-filter.ts';
import { matches } from '../../../shared/filter/match-filter.ts';
import { parseFilter } from '../../../shared/filter/parse-filter.ts';
import type { Exchange } from '../../../shared/model/exchange.ts';
import { exchange } from '../traffic/exchange-fixture.ts';

const NOW = Date.UTC(2026, 10, 21, 12);

function passes(text: string, changes: Partial<Exchange> = {}): boolean {
  const parsed = parseFilter(text);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.error.message}`);
  return matches(parsed.filter, exchange({ at: NOW - 1_000, ...changes }), NOW);
}

function failure(text: string): { part: string; message: string } {
  const parsed = parseFilter(text);
  if (parsed.ok) throw new Error(`${text} was accepted`);
  const { start, end, message } = parsed.error;
  return { part: text.slice(start, end), message };
}

describe('terms', () => {
  test('the example of the documentation', () => {
    const text = 'server:github tool:create* status:error dur:>500ms client:claude-code since:1h "free text"';
    const matching = { outcome: 'error', durationMs: 501, errorMessage: 'some Free Text here' } as const;
    expect(passes(text, matching)).toBe(true);
    expect(passes(text, { ...matching, durationMs: 500 })).toBe(false);
    expect(passes(text, { ...matching, errorMessage: 'other' })).toBe(false);
  });

  test.each<[string, Partial<Exchange>, boolean]>([
    ['', {}, true],
    ['   ', {}, true],
    ['server:GitHub', {}, true],
    ['server:git', {}, false],
    ['server:git*', {}, true],
    ['server:*hub', {}, true],
    ['server:g*h*b', {}, true],
    ['server:g*b*b', {}, false],
    ['server:gitlab,github', {}, true],
    ['server:"git*"', {}, false],
    ['server:"a b","c,d"', { server: 'c,d' }, true],
    ['SERVER:github', {}, true],
    ['-tool:x', {}, true],
    ['-tool:x', { tool: null }, true],
    ['tool:*', { tool: null }, false],
    ['-tool:create_issue', {}, false],
    ['tool:__proto__', { tool: '__proto__' }, true],
    ['method:tools/call', {}, true],
    ['session:session-1', {}, true],
    ['project:web', {}, true],
    ['project:me/web', {}, true],
    ['project:we', {}, false],
    ['project:web', { project: 'C:\\code\\web' }, true],
    ['project:web', { project: null }, false],
    ['status:error', { outcome: 'tool-error' }, true],
    ['status:tool-error', { outcome: 'error' }, false],
    ['status:failed', { outcome: 'lost' }, true],
    ['status:error,lost', { outcome: 'lost' }, true],
    ['status:pending', { outcome: 'pending' }, true],
    ['-status:ok', {}, false],
    ['dur:>=12.5', {}, true],
    ['dur:<12500us', {}, false],
    ['dur:10ms..1s', {}, true],
    ['dur:<1ms,>10ms', {}, true],
    ['dur:<1h', { durationMs: null }, false],
    ['-dur:<1h', { durationMs: null }, true],
    ['size:>299b', {}, true],
    ['size:<0.25kb', {}, false],
    ['size:300..300', {}, true],
    ['size:<=100', { responseBytes: null }, true],
    ['since:1s', {}, true],
    ['since:0.5s', {}, false],
    ['since:2026-11-21', {}, true],
    ['since:2026-11-21T13:00:00Z', {}, false],
    ['-since:1h', { at: NOW - 3_600_001 }, true],
    ['until:1s', {}, false],
    ['until:0.5s', {}, true],
    ['since:2h until:1h', { at: NOW - 3_600_001 }, true],
    ['since:2h until:1h', { at: NOW - 3_600_000 }, false],
    ['since:2h until:1h', { at: NOW - 7_200_000 }, true],
    ['since:2026-11-21 until:2026-11-22', {}, true],
    ['until:2026-11-21', {}, false],
    ['-until:2026-11-21', {}, true],
    ['since:2026-11-21T11:59:58.999Z until:2026-11-21T11:59:59.000Z', { at: NOW - 1_001 }, true],
    ['since:2026-11-21T11:59:58.999Z until:2026-11-21T11:59:59.000Z', {}, false],
    ['since:2026-11-21T12:59:58.999+01:00', { at: NOW - 1_002 }, false],
    ['is:bookmarked', {}, false],
    ['-is:bookmarked', {}, true],
    ['is:bookmarked,request', {}, true],
    ['is:notification', { kind: 'notification' }, true],
    ['is:notification', {}, false],
    ['is:from-server', { direction: 'server-to-client' }, true],
    ['is:request is:from-client', {}, true],
    ['issue', {}, true],
    ['create*issue', {}, true],
    ['"create*issue"', {}, false],
    ['"say \\"hi\\""', { errorMessage: 'they say "HI"' }, true],
    ['-issue', {}, false],
    ['a,b', { errorMessage: 'x a,b y' }, true],
    ['-', { tool: 'a-b' }, true],
    ['É', { tool: 'é' }, false],
  ])('%s on %j: %s', (text, changes, result) => expect(passes(text, changes)).toBe(result));
});

test('what is bookmarked is told by who asks', () => {
  const parsed = parseFilter('is:bookmarked');
  if (!parsed.ok) throw new Error(parsed.error.message);
  expect(matches(parsed.filter, exchange({ id: 7 }), NOW, new Set([7]))).toBe(true);
  expect(matches(parsed.filter, exchange({ id: 8 }), NOW, new Set([7]))).toBe(false);
});

describe('errors say where', () => {
  test.each([
    ['server:github foo:bar', 'foo'],
    ['http://x', 'http'],
    ['status:ok,wrong', 'wrong'],
    ['dur:500ms', '500ms'],
    ['dur:>5q', '>5q'],
    ['dur:2s..1s', '2s..1s'],
    ['size:>1e3', '>1e3'],
    ['since:yesterday', 'yesterday'],
    ['since:2026-13-40', '2026-13-40'],
    ['until:tomorrow', 'tomorrow'],
    ['until:2026-11-21T10:00:00.1234Z', '2026-11-21T10:00:00.1234Z'],
    ['is:__proto__', '__proto__'],
    ['status:constructor', 'constructor'],
    ['tool:"abc', '"abc'],
    ['"', '"'],
    ['""', '""'],
  ])('%s', (text, part) => expect(failure(text).part).toBe(part));

  test('a missing value', () => {
    expect(failure('a tool:').message).toContain('tool:create*');
    expect(failure('tool:a,').part).toBe('');
    expect(failure('x'.repeat(3_000)).message).toContain('2000');
    expect(failure('x '.repeat(51)).message).toContain('50 terms');
    expect(failure(`tool:${'x,'.repeat(51)}`).message).toContain('50 values');
  });

  test('a term knows its place', () => {
    const text = '  a -tool:"x y" ';
    const parsed = parseFilter(text);
    if (!parsed.ok) throw new Error(parsed.error.message);
    expect(parsed.filter.terms.map(({ start, end }) => text.slice(start, end))).toEqual(['a', '-tool:"x y"']);
  });

  test('C08 E17 nothing makes it throw', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        const parsed = parseFilter(text);
        if (parsed.ok) matches(parsed.filter, exchange(), NOW);
        else expect(parsed.error.start).toBeLessThanOrEqual(parsed.error.end);
        completions(text, text.length, {});
      }),
      { numRuns: 200 },
    );
  });

  test('many wildcards cost no more than their text', () => {
    const parsed = parseFilter(`tool:${'a*'.repeat(400)}b`);
    if (!parsed.ok) throw new Error(parsed.error.message);
    const started = performance.now();
    expect(matches(parsed.filter, exchange({ tool: 'a'.repeat(100_000) }), NOW)).toBe(false);
    expect(performance.now() - started).toBeLessThan(500);
  });
});

describe('completions', () => {
  const known = { server: ['github', 'gitlab', 'my server'], tool: ['create_issue'] };
  const at = (text: string): string[] => completions(text, text.length, known).options;

  test('field names', () => {
    expect(at('')).toContain('server:');
    expect(at('s')).toEqual(['server:', 'session:', 'status:', 'size:', 'since:']);
    expect(at('tool:x -se')).toEqual(['server:', 'session:']);
    expect(completions('tool:x -se', 10, known)).toMatchObject({ start: 8, end: 10 });
  });

  test('values, those that begin with the text first', () => {
    expect(at('server:gi')).toEqual(['github', 'gitlab']);
    expect(at('server:github,my')).toEqual(['"my server"']);
    expect(completions('server:github,my', 16, known)).toMatchObject({ start: 14, end: 16 });
    expect(at('status:e')).toEqual(['error', 'tool-error', 'cancelled', 'pending', 'failed']);
    expect(at('nothing:x')).toEqual([]);
    expect(at('until:1')).toEqual(['1h', '1d']);
    expect(at('un')).toEqual(['until:']);
    expect(at('is:b')).toEqual(['bookmarked']);
  });

  test('a quoted name is read back as itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (name) => {
        expect(passes(`tool:${quoteIfNeeded(name)}`, { tool: name })).toBe(true);
      }),
    );
  });
});
