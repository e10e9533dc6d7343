import { describe, expect, it } from 'vitest';
import { duration, isSet, parseCommandLine, text, wholeNumber } from '../../../electron/cli/command-line.ts';
import { visibleText } from '../../../electron/hub/logging/visible-text.ts';

describe('command line', () => {
  it('reads a command with its options', () => {
    const line = parseCommandLine([
      'migrate',
      '--client',
      'claude-code',
      '--client',
      'claude-desktop',
      '--yes',
      '--json',
    ]);
    expect(line.command).toBe('migrate');
    expect(line.json).toBe(true);
    expect(isSet(line, 'yes')).toBe(true);
    expect(line.flags.get('client')).toEqual(['claude-code', 'claude-desktop']);
  });

  it('keeps what follows "--" for the server', () => {
    const line = parseCommandLine(['servers', 'add', 'x', '--env', 'A=b', '--', 'npx', '-y', '--json']);
    expect(line.words).toEqual(['add', 'x', 'npx', '-y', '--json']);
    expect(line.json).toBe(false);
  });

  it.each([[['nonsense']], [['status', '--yes']], [['serve', '--what']], [['serve', '--port']]])(
    'refuses %j as usage',
    (argv) => {
      expect(() => parseCommandLine(argv)).toThrow(expect.objectContaining({ code: 'USAGE' }));
    },
  );

  it('checks numbers and times', () => {
    const line = parseCommandLine(['stats', '--since', '90s']);
    expect(duration(line, 'since')).toBe(90_000);
    expect(() => duration(parseCommandLine(['stats', '--since', '1y']), 'since')).toThrow('90s');
    expect(wholeNumber(parseCommandLine(['serve', '--port', '0']), 'port', { min: 0, max: 65_535 })).toBe(0);
    expect(() =>
      wholeNumber(parseCommandLine(['serve', '--port', '70000']), 'port', { min: 0, max: 65_535 }),
    ).toThrow('65535');
    expect(text(line, 'filter')).toBeUndefined();
  });
});

it('E26: control characters, ANSI and bidi overrides never reach the terminal', () => {
  expect(visibleText('a\u001b[31mred\u0007\u202eevil\u200b\r')).toBe(
    'a\\u001b[31mred\\u0007\\u202eevil\\u200b\\u000d',
  );
  expect(visibleText('tab\tand\nline stay: grün 日本 🎛')).toBe('tab\tand\nline stay: grün 日本 🎛');
});
