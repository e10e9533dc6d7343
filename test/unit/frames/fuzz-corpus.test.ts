import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { fuzz } from '../../fuzz/frames.fuzz.ts';

const corpus = path.resolve(import.meta.dirname, '..', '..', 'fuzz', 'corpus', 'frames');
const seeds = readdirSync(corpus);

it('there is a corpus', () => {
  expect(seeds.length).toBeGreaterThan(15);
});

it.each(seeds)('%s: the readers agree with JSON.parse, also cut and bent', (name) => {
  const seed = readFileSync(path.join(corpus, name));
  fuzz(seed);
  for (let at = 0; at < seed.length; at += 1) {
    fuzz(seed.subarray(0, at));
    for (const byte of ['"', '\\', '}', ',']) {
      const bent = Buffer.from(seed);
      bent.write(byte, at);
      fuzz(bent);
    }
  }
});
