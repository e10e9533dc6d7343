import { expect, it } from 'vitest';
import { parseShimArguments } from '../../../electron/shim/shim-arguments.ts';

it('takes what stands before "--" for itself and the rest for the server, word for word', () => {
  const original = ['npx', '-y', '--client', 'x', '--', 'y', ''];
  expect(parseShimArguments(['--client', 'claude-code', '--server', 'a b', '--', ...original])).toEqual({
    client: 'claude-code',
    server: 'a b',
    command: 'npx',
    args: ['-y', '--client', 'x', '--', 'y', ''],
  });
});

it('passes over the switch that an AppImage needs', () => {
  const argv = ['--no-sandbox', '--client', 'claude-desktop', '--server', 's', '--', 'node', '--no-sandbox'];
  expect(parseShimArguments(argv)).toMatchObject({ server: 's', command: 'node', args: ['--no-sandbox'] });
});

it.each([
  [['--client', 'c', '--server', 's', 'node'], 'The original command is missing'],
  [['--client', 'c', '--server', 's', '--'], 'no command after'],
  [['--client', 'c', '--', 'node'], 'Both --client and --server'],
  [['--client', '--', 'node'], 'Unexpected argument "--client"'],
  [['client', 'c', '--', 'node'], 'Unexpected argument "client"'],
])('refuses %j', (argv, words) => {
  expect(() => parseShimArguments(argv)).toThrow(words);
});
