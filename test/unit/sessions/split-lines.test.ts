import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HeldLine } from '../../../electron/hub/frames/held-line.ts';
import { EDGE_BYTES } from '../../../electron/hub/frames/line-edges.ts';
import { splitLines } from '../../../electron/hub/frames/split-lines.ts';

function collect(chunks: readonly Buffer[], maxBytes?: number): { lines: string[]; oversized: number[] } {
  const lines: string[] = [];
  const oversized: number[] = [];
  const splitter = splitLines(
    { line: (line) => lines.push(line.toString('latin1')), oversized: (n) => oversized.push(n) },
    maxBytes,
  );
  for (const chunk of chunks) splitter.push(chunk);
  splitter.end();
  return { lines, oversized };
}

function cut(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  let at = 0;
  for (let index = 0; at < bytes.length; index += 1) {
    const size = sizes[index % sizes.length]!;
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return chunks;
}

describe('lines', () => {
  it('B08: any chunking of any bytes gives the same lines', () => {
    const byte = fc.oneof(fc.constant(0x0a), fc.constant(0x0d), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(
        fc.array(byte, { maxLength: 300 }),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }),
        (raw, sizes) => {
          const bytes = Buffer.from(raw);
          const expected = bytes
            .toString('latin1')
            .split('\n')
            .map((line) => line.replace(/\r$/, ''))
            .filter((line) => line !== '');
          expect(collect(cut(bytes, sizes)).lines).toEqual(expected);
        },
      ),
    );
  });

  it('B08: keeps its pieces apart from the chunks it has read and handed on', () => {
    const lines: Buffer[] = [];
    const splitter = splitLines({ line: (line) => lines.push(Buffer.from(line)), oversized: () => {} });
    const long = 'é'.repeat(100_000);
    const bytes = Buffer.from(`first\r\n${long}\nlast`);
    for (let at = 0; at < bytes.length; at += 1) splitter.push(Buffer.from(bytes.subarray(at, at + 1)));
    splitter.end();
    expect(lines.map(String)).toEqual(['first', long, 'last']);
  });

  it('a line within one chunk is a view of it', () => {
    const chunk = Buffer.from('one\ntwo\r\n');
    const buffers: unknown[] = [];
    splitLines({ line: (line) => buffers.push(line.buffer), oversized: () => {} }).push(chunk);
    expect(buffers).toEqual([chunk.buffer, chunk.buffer]);
  });

  it('B09: passes over a line that is too long, says how long it was, and stays in step', () => {
    const bytes = Buffer.from(`short\n${'x'.repeat(50)}\nafter\n${'y'.repeat(20)}\n${'z'.repeat(21)}`);
    for (const sizes of [[1], [7], [1_000], [20, 1]]) {
      expect(collect(cut(bytes, sizes), 20)).toEqual({
        lines: ['short', 'after', 'y'.repeat(20)],
        oversized: [50, 21],
      });
    }
  });

  it('B09: of a line that is too long both ends are left, whatever the chunking', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 5_000, max: 20_000 }),
        fc.array(fc.integer({ min: 1, max: 6_000 }), { minLength: 1, maxLength: 6 }),
        (length, sizes) => {
          const line = Buffer.from(Array.from({ length }, (_, index) => 0x20 + (index % 90)));
          const found: { bytes: number; edges: Buffer }[] = [];
          const splitter = splitLines(
            { line: () => {}, oversized: (bytes, edges) => found.push({ bytes, edges }) },
            4_500,
          );
          for (const chunk of cut(Buffer.concat([line, Buffer.from('\n')]), sizes)) splitter.push(chunk);
          const edges = Buffer.concat([line.subarray(0, EDGE_BYTES), line.subarray(length - EDGE_BYTES)]);
          expect(found).toEqual([{ bytes: length, edges }]);
        },
      ),
    );
  });

  it('B09: a line without end takes no more memory than the limit and a tenth, however it comes', () => {
    const limit = 2 * 1024 * 1024;
    for (const size of [1, 100, 7_000, 64 * 1024]) {
      const held = new HeldLine();
      const small = Buffer.allocUnsafeSlow(size).fill(0x78);
      while (held.length + size <= limit) {
        held.push(size < 8 * 1024 ? small : Buffer.allocUnsafeSlow(size).fill(0x78));
      }
      const { length } = held;
      const parts = held.takeParts();
      const bytes = parts.reduce((sum, part) => sum + part.buffer.byteLength, 0);
      expect(bytes).toBeLessThan(length * 1.1);
      // Each costs some hundred bytes beside its own.
      expect(parts.length * 200).toBeLessThan(length * 0.03);
      expect(Buffer.concat(parts).equals(Buffer.alloc(length, 0x78))).toBe(true);
    }
  });

  it('knows the unfinished line', () => {
    const splitter = splitLines({ line: () => {}, oversized: () => {} }, 10);
    splitter.push(Buffer.from('one\ntw'));
    splitter.push(Buffer.from('o'));
    expect(splitter.pending().toString()).toBe('two');
    splitter.push(Buffer.from('345678901'));
    expect(splitter.pending().toString()).toBe('');
    splitter.push(Buffer.from('2\nnext'));
    expect(splitter.pending().toString()).toBe('next');
  });
});
