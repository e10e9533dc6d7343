import { describe, expect, it } from 'vitest';
import type { Command } from '../../../renderer/lib/commands.ts';
import { keyName, keySigns, matchKey, type KeyPress } from '../../../renderer/lib/key-sequences.ts';

const press = (key: string, held: Partial<KeyPress> = {}): KeyPress => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...held,
});

describe('the name of a key press', () => {
  it.each<[string, KeyPress, boolean, string | null]>([
    ['a letter', press('p'), false, 'p'],
    ['a letter with Caps Lock', press('P'), false, 'p'],
    ['a letter with Shift', press('E', { shiftKey: true }), false, 'shift+e'],
    ['a character that needs Shift on this keyboard', press('?', { shiftKey: true }), false, '?'],
    ['Ctrl elsewhere', press('k', { ctrlKey: true }), false, 'mod+k'],
    ['⌘ on a Mac', press('k', { metaKey: true }), true, 'mod+k'],
    ['Ctrl on a Mac is not ours', press('k', { ctrlKey: true }), true, null],
    ['the Windows key is not ours', press('k', { metaKey: true }), false, null],
    ['Alt writes characters on many keyboards', press('k', { altKey: true }), false, null],
    ['Space', press(' '), false, 'space'],
    ['an arrow with Shift', press('ArrowDown', { shiftKey: true }), false, 'shift+arrowdown'],
    ['a modifier alone', press('Shift', { shiftKey: true }), false, null],
    ['a dead key', press('Dead'), false, null],
  ])('%s', (_what, key, isMac, name) => {
    expect(keyName(key, isMac)).toBe(name);
  });
});

const command = (id: string, keys?: string): Command => ({
  id,
  label: id,
  group: 'x',
  ...(keys && { keys }),
  run: () => {},
});

describe('what a key leads to', () => {
  const commands = [command('pause', 'p'), command('traffic', 'g t'), command('help', '?'), command('none')];
  const found = (prefix: string | null, name: string): string | null => {
    const match = matchKey(commands, prefix, name);
    return match.kind === 'run' ? match.command.id : match.kind === 'wait' ? `${match.prefix} …` : null;
  };

  it('runs, waits, or does nothing', () => {
    expect(found(null, 'p')).toBe('pause');
    expect(found(null, 'g')).toBe('g …');
    expect(found('g', 't')).toBe('traffic');
    expect(found(null, 'x')).toBeNull();
  });

  it('a second key that completes nothing counts as a first one', () => {
    expect(found('g', 'p')).toBe('pause');
    expect(found('g', 'g')).toBe('g …');
  });

  it('the newest registration wins', () => {
    const match = matchKey([command('new', 'p'), ...commands], null, 'p');
    expect(match).toMatchObject({ command: { id: 'new' } });
  });
});

describe('keys as people read them', () => {
  it.each([
    ['mod+k', true, ['⌘', 'K']],
    ['mod+k', false, ['Ctrl', 'K']],
    ['g t', false, ['G', 'T']],
    ['shift+enter', false, ['Shift', '↵']],
    ['mod++', false, ['Ctrl', '+']],
    ['g ,', false, ['G', ',']],
    ['space', false, ['Space']],
  ])('%s', (keys, isMac, signs) => {
    expect(keySigns(keys, isMac, { space: 'Space' })).toEqual(signs);
  });
});
