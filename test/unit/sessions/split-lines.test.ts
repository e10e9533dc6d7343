import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
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

  it('B09: passes over a line that is too long, says how long it was, and stays in step', () => {
    const bytes = Buffer.from(`short\n${'x'.repeat(50)}\nafter\n`);
    for (const sizes of [[1], [7], [1_000]]) {
      expect(collect(cut(bytes, sizes), 20)).toEqual({ lines: ['short', 'after'], oversized: [50] });
    }
  });

  it('knows the unfinished line', () => {
    const splitter = splitLines({ line: () => {}, oversized: () => {} });
    splitter.push(Buffer.from('one\ntw'));
    splitter.push(Buffer.from('o'));
    expect(splitter.pending().toString()).toBe('two');
  });
});
