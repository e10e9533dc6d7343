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
