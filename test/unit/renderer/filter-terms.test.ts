import { expect, it } from 'vitest';
import {
  momentText,
  termsOf,
  timeOf,
  withNegated,
  withoutTerm,
  withTerm,
  withTime,
} from '../../../renderer/features/traffic/filter-terms.ts';

const TEXT = 'server:github -status:ok "two words" since:1h';
const term = (text: string, index: number) => termsOf(text)[index]!;

it('cuts a filter into terms that can be shown by themselves', () => {
  expect(termsOf(TEXT).map(({ text, field, isNegated }) => [text, field, isNegated])).toEqual([
    ['server:github', 'server', false],
    ['status:ok', 'status', true],
    ['"two words"', null, false],
    ['since:1h', 'since', false],
  ]);
});

it('takes a term out without leaving a gap', () => {
  expect(withoutTerm(TEXT, term(TEXT, 0))).toBe('-status:ok "two words" since:1h');
  expect(withoutTerm(TEXT, term(TEXT, 2))).toBe('server:github -status:ok since:1h');
  expect(withoutTerm('server:github', term('server:github', 0))).toBe('');
});

it('turns a term round and back', () => {
  const turned = withNegated(TEXT, term(TEXT, 0));
  expect(turned).toBe('-server:github -status:ok "two words" since:1h');
  expect(withNegated(turned, term(turned, 0))).toBe(TEXT);
});

it('adds a term once, and replaces its opposite', () => {
  expect(withTerm('', 'tool:echo')).toBe('tool:echo');
  expect(withTerm('server:a', 'tool:echo')).toBe('server:a tool:echo');
  expect(withTerm('tool:echo server:a', 'tool:echo')).toBe('server:a tool:echo');
  expect(withTerm('tool:echo server:a', '-tool:echo')).toBe('server:a -tool:echo');
  expect(withTerm('-tool:echo', 'tool:echo')).toBe('tool:echo');
});

it('sets, replaces and clears the span of time, and leaves everything else as written', () => {
  expect(withTime('server:a', { since: '1h', until: null })).toBe('server:a since:1h');
  expect(withTime('since:1d server:a until:1h', { since: '15m', until: '5m' })).toBe(
    'server:a since:15m until:5m',
  );
  expect(withTime('since:1d "a  b"', { since: null, until: null })).toBe('"a  b"');
  // Turned round it is no span.
  expect(withTime('-since:1d', { since: '1h', until: null })).toBe('-since:1d since:1h');
});

it('reads the span a text asks for', () => {
  expect(timeOf('server:a since:1h')).toEqual({ since: '1h', until: null });
  expect(timeOf('SINCE:"2026-11-21" until:2026-11-21T10:00:00Z')).toEqual({
    since: '2026-11-21',
    until: '2026-11-21T10:00:00Z',
  });
  expect(timeOf('-since:1h since')).toEqual({ since: null, until: null });
});

it('writes moments as the language reads them', () => {
  expect(momentText(Date.UTC(2026, 10, 21, 10, 15))).toBe('2026-11-21T10:15:00Z');
  expect(momentText(Date.UTC(2026, 10, 21, 10, 15, 0, 7))).toBe('2026-11-21T10:15:00.007Z');
});
