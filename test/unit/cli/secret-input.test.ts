import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readSecretValue } from '../../../electron/cli/secret-input.ts';

let shown: string;

beforeEach(() => {
  shown = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    shown += String(text);
    return true;
  });
});
afterEach(() => vi.restoreAllMocks());

/** A terminal as far as reading keys goes. */
function terminal() {
  const modes: boolean[] = [];
  const input = Object.assign(new PassThrough(), {
    isTTY: true as const,
    setRawMode(mode: boolean) {
      modes.push(mode);
      return input as never;
    },
  });
  return { input, modes };
}

describe('a secret from standard input', () => {
  it.each([
    ['from-a-pipe', 'from-a-pipe'],
    ['with end\n', 'with end'],
    ['windows\r\n', 'windows'],
    ['two\nlines\n\n', 'two\nlines\n'],
    ['', ''],
  ])('takes %j as %j', async (piped, value) => {
    const input = new PassThrough();
    const read = readSecretValue(input, 'Value: ');
    input.write(piped.slice(0, 3));
    input.end(piped.slice(3));
    expect(await read).toBe(value);
    expect(shown).toBe('');
  });

  it('does not read without end', async () => {
    const input = new PassThrough();
    const read = readSecretValue(input, 'Value: ');
    input.write('x'.repeat(200_000));
    expect(Buffer.byteLength(await read)).toBeLessThan(200_000);
  });

  it('is typed unseen, and can be corrected', async () => {
    const { input, modes } = terminal();
    const read = readSecretValue(input, 'Value of KEY: ');
    input.write('hux');
    input.write('\u007f');
    input.write('nter\r');
    expect(await read).toBe('hunter');
    expect(modes).toEqual([true, false]);
    expect(shown).toBe('Value of KEY: \n');
  });

  it('is given up with Ctrl-C', async () => {
    const { input, modes } = terminal();
    const read = readSecretValue(input, 'Value: ');
    input.write('hun\u0003');
    await expect(read).rejects.toMatchObject({ code: 'USAGE' });
    expect(modes).toEqual([true, false]);
  });
});
