import { expect, it } from 'vitest';
import { StderrRing } from '../../../electron/hub/supervisor/stderr-ring.ts';

it('keeps lines whole over chunks and split characters', () => {
  const ring = new StderrRing();
  const bytes = Buffer.from('grün\r\nzwei\nrest');
  for (const byte of bytes) ring.push('i', Buffer.from([byte]), 1);
  expect(ring.lines().map((line) => line.text)).toEqual(['grün', 'zwei']);
  expect(ring.tail(1)).toBe('zwei\nrest');
});

it('B11: stays bounded under a flood and counts what fell out', () => {
  const ring = new StderrRing();
  for (let index = 0; index < 200; index += 1) ring.push('i', Buffer.from('x\n'.repeat(1_000)), index);
  expect(ring.lines()).toHaveLength(500);
  expect(ring.dropped).toBe(200 * 1_000 - 500);
  ring.push('i', Buffer.alloc(1_000_000, 0x61), 1);
  expect(ring.tail(0).length).toBe(4_096);
});

it('keeps apart what two instances write at the same time', () => {
  const ring = new StderrRing();
  ring.push('a', Buffer.from('from '), 1);
  ring.push('b', Buffer.from('of b\nhalf of b'), 2);
  ring.push('a', Buffer.from('a\n'), 3);
  expect(ring.lines()).toEqual([
    { at: 2, instanceId: 'b', text: 'of b' },
    { at: 3, instanceId: 'a', text: 'from a' },
  ]);
  expect([ring.tail(5, 'a'), ring.tail(5, 'b')]).toEqual(['from a', 'of b\nhalf of b']);
  ring.end('b', 4);
  expect(ring.lines().at(-1)).toEqual({ at: 4, instanceId: 'b', text: 'half of b' });
});

it('B02: tells the newest thing an instance has said, without what draws it', () => {
  const ring = new StderrRing();
  expect(ring.newest('a')).toBe('');
  ring.push('a', Buffer.from('starting\n'), 1);
  ring.push('b', Buffer.from('something else\n'), 1);
  expect(ring.newest('a')).toBe('starting');
  ring.push('a', Buffer.from('\u001b[2K\rdownloading 10 %\r\u001b[32mdownloading 20 %\u001b[0m\r'), 2);
  expect(ring.newest('a')).toBe('downloading 20 %');
});
