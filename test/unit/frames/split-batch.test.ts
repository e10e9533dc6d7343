import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isBatch, splitBatch } from '../../../electron/hub/frames/split-batch.ts';
import { jsonText } from './json-texts.ts';

const split = (text: string): string[] | string => {
  const line = Buffer.from(text);
  const messages = splitBatch(line);
  return typeof messages === 'string'
    ? messages
    : messages.map(({ start, end }) => line.toString('utf8', start, end));
};

describe('C09 batches', () => {
  it('gives the elements of any batch as they are written', () => {
    const element = jsonText.filter((text) => !text.trimStart().startsWith('['));
    fc.assert(
      fc.property(
        fc.array(element, { minLength: 1, maxLength: 5 }),
        fc.constantFrom('', ' ', '\t'),
        (elements, space) => {
          const text = `${space}[${elements.map((json) => space + json + space).join(',')}]${space}`;
          expect(split(text)).toEqual(elements);
        },
      ),
    );
  });

  it('passes on what is no message, for it is answered on its own', () => {
    expect(split('[1,"x",{"a":[1]}]')).toEqual(['1', '"x"', '{"a":[1]}']);
  });

  it.each([
    ['[]', 'empty'],
    [' [ ] ', 'empty'],
    ['[[{}]]', 'nested'],
    ['[{},[]]', 'nested'],
    ['[{}', 'malformed'],
    ['[{} {}]', 'malformed'],
    ['[{},]', 'malformed'],
    ['[{}]x', 'malformed'],
    ['[] x', 'malformed'],
    ['{}', 'malformed'],
    ['', 'malformed'],
  ])('%s is %s', (text, fault) => expect(split(text)).toBe(fault));

  it('takes 100 and refuses more whole, without reading on', () => {
    expect(split(`[${Array.from({ length: 100 }, () => '{}').join(',')}]`)).toHaveLength(100);
    expect(split(`[${Array.from({ length: 101 }, () => '{}').join(',')}]`)).toBe('too-many');
    expect(split(`[${'{},'.repeat(1_000_000)} and then nonsense`)).toBe('too-many');
  });

  it('C07: refuses an element that is too deep', () => {
    expect(split(`[{"a":${'['.repeat(500)}${']'.repeat(500)}}]`)).toBe('malformed');
  });

  it('knows a batch by its first byte', () => {
    expect(isBatch(Buffer.from(' \r\n[{}]'))).toBe(true);
    expect(isBatch(Buffer.from('{"a":[]}'))).toBe(false);
    expect(isBatch(Buffer.alloc(0))).toBe(false);
  });
});
