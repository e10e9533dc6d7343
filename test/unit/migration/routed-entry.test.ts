import { describe, expect, it } from 'vitest';
import { isRoutedEntry, originalOf, readRoutedEntry } from '../../../electron/hub/migration/routed-entry.ts';

const routed = (...args: string[]): { command: string; args: string[] } => ({ command: 'node', args });

describe('readRoutedEntry', () => {
  it.each([
    ['as written', ['/data/shim/shim.cjs', '--client', 'c', '--server', 's', '--', 'npx', '-y', 'x']],
    [
      'with its shim elsewhere',
      ['C:\\Old\\shim.cjs', '--client', 'c', '--server', 's', '--', 'npx', '-y', 'x'],
    ],
    [
      'with flags of the runtime',
      ['--no-warnings', '/s/shim.cjs', '--client', 'c', '--server', 's', '--', 'npx', '-y', 'x'],
    ],
    [
      'with options of a later version',
      ['/s/shim.cjs', '--server', 's', '--new', '1', '--client', 'c', '--', 'npx', '-y', 'x'],
    ],
  ])('knows an entry %s', (_name, args) => {
    expect(readRoutedEntry(routed(...args))).toMatchObject({
      client: 'c',
      server: 's',
      command: 'npx',
      args: ['-y', 'x'],
    });
  });

  it('keeps what comes behind the first "--"', () => {
    const entry = routed(
      '/s/shim.cjs',
      '--client',
      'c',
      '--server',
      's',
      '--',
      'x',
      '--',
      'shim.cjs',
      '--client',
    );
    expect(originalOf(entry)).toEqual({ command: 'x', args: ['--', 'shim.cjs', '--client'] });
  });

  it.each([
    ['another program', ['server.js', '--client', 'c', '--server', 's', '--', 'x']],
    ['a name that only ends so', ['/x/myshim.cjs', '--client', 'c', '--server', 's', '--', 'x']],
    ['no command behind "--"', ['/s/shim.cjs', '--client', 'c', '--server', 's', '--']],
    ['no "--"', ['/s/shim.cjs', '--client', 'c', '--server', 's']],
    ['no server', ['/s/shim.cjs', '--client', 'c', '--', 'x']],
    ['words between the options', ['/s/shim.cjs', 'mcp', '--client', 'c', '--server', 's', '--', 'x']],
    ['nothing', []],
  ])('does not know %s', (_name, args) => expect(isRoutedEntry(routed(...args))).toBe(false));
});
