import { describe, expect, it } from 'vitest';
import { parseShimArguments } from '../../../electron/shim/shim-arguments.ts';

it('takes what stands before "--" for itself and the rest for the server, word for word', () => {
  const original = ['npx', '-y', '--client', 'x', '--', 'y', ''];
  expect(parseShimArguments(['--client', 'claude-code', '--server', 'a b', '--', ...original])).toEqual({
    client: 'claude-code',
    server: 'a b',
    secrets: new Map(),
    original: { command: 'npx', args: ['-y', '--client', 'x', '--', 'y', ''] },
  });
});

it('passes over the switch that an AppImage needs', () => {
  const argv = ['--no-sandbox', '--client', 'claude-desktop', '--server', 's', '--', 'node', '--no-sandbox'];
  expect(parseShimArguments(argv)).toMatchObject({
    server: 's',
    original: { command: 'node', args: ['--no-sandbox'] },
  });
});

describe('servers that only the hub can reach', () => {
  it.each(['*', 'profiles/work'])('%s needs no original command', (server) => {
    expect(parseShimArguments(['--client', 'c', '--server', server])).toEqual({
      client: 'c',
      server,
      original: null,
      secrets: new Map(),
    });
  });

  it('keeps one that is there all the same', () => {
    expect(parseShimArguments(['--client', 'c', '--server', 'profiles/x', '--', 'node']).original).toEqual({
      command: 'node',
      args: [],
    });
  });
});

it.each([
  [['--client', 'c', '--server', 's'], 'The original command is missing'],
  [['--client', 'c', '--server', 's', 'node'], 'Unexpected argument "node"'],
  [['--client', 'c', '--server', 's', '--'], 'no command after'],
  [['--client', 'c', '--server', '*', '--'], 'no command after'],
  [['--client', 'c', '--', 'node'], 'Both --client and --server'],
  [['--client', '--', 'node'], 'Unexpected argument "--client"'],
  [['client', 'c', '--', 'node'], 'Unexpected argument "client"'],
])('refuses %j', (argv, words) => {
  expect(() => parseShimArguments(argv)).toThrow(words);
});

it('knows which variables of the original are in the secret store', () => {
  const line = ['--client', 'a', '--server', 'b', '--secrets', 'TOKEN=a.b.TOKEN,KEY=k', '--', 'node'];
  expect([...parseShimArguments(line).secrets]).toEqual([
    ['TOKEN', 'a.b.TOKEN'],
    ['KEY', 'k'],
  ]);
  expect(() => parseShimArguments(line.with(5, 'TOKEN'))).toThrow('--secrets takes NAME=SECRET.');
});
