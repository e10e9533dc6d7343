import { describe, expect, it } from 'vitest';
import type { Command } from '../../../renderer/lib/commands.ts';
import { rankCommands } from '../../../renderer/lib/rank-commands.ts';

const command = (label: string, group = 'General', keywords: string[] = []): Command => ({
  id: label,
  label,
  group,
  keywords,
  run: () => {},
});

const commands = [
  command('Go to Traffic', 'Go to'),
  command('Pause the live list', 'Traffic', ['stop', 'freeze']),
  command('Export as HAR', 'Traffic', ['save', 'download']),
  command('Restart memory', 'Servers'),
];
const found = (typed: string): string[] => rankCommands(commands, typed).map(({ label }) => label);

describe('the palette', () => {
  it('offers everything, in its order, before anything is typed', () => {
    expect(found('  ')).toEqual(commands.map(({ label }) => label));
  });

  it('finds by the beginnings of words, in any order and case', () => {
    expect(found('HAR ex')).toEqual(['Export as HAR']);
    expect(found('traf go')).toEqual(['Go to Traffic']);
  });

  it('finds by keywords and by group, after labels', () => {
    expect(found('freeze')).toEqual(['Pause the live list']);
    expect(found('traffic')[0]).toBe('Go to Traffic');
    expect(found('traffic')).toHaveLength(3);
  });

  it('finds nothing for what is nowhere', () => {
    expect(found('export nowhere')).toEqual([]);
  });
});
