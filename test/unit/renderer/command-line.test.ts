import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinCommandLine, readServerJson, splitCommandLine } from '../../../renderer/lib/command-line.ts';

describe('splitCommandLine', () => {
  it.each([
    ['npx -y @acme/server', ['npx', '-y', '@acme/server']],
    ['  two   words ', ['two', 'words']],
    ['"a b" \'c "d"\'', ['a b', 'c "d"']],
    ['--path="/My Files" x\\ y', ['--path=/My Files', 'x y']],
    ['"" end', ['', 'end']],
    ['C:\\Tools\\server.exe', ['C:\\Tools\\server.exe']],
    ['echo $HOME | cat *', ['echo', '$HOME', '|', 'cat', '*']],
    ['', []],
  ])('splits %j', (line, words) => {
    expect(splitCommandLine(line)).toEqual(words);
  });

  it('refuses an open quote instead of guessing', () => {
    expect(() => splitCommandLine('npx "oops')).toThrow('not closed');
  });

  it('reads back what joinCommandLine shows', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (words) => {
        expect(splitCommandLine(joinCommandLine(words))).toEqual(words);
      }),
    );
  });
});

describe('readServerJson', () => {
  const definition = { command: 'npx', args: ['-y', 'x'], env: { KEY: 'v' } };
  it.each([
    ['a definition', definition],
    ['a named one', { memory: definition }],
    ['a README block', { mcpServers: { memory: definition } }],
  ])('takes %s', (_, value) => {
    expect(readServerJson(JSON.stringify(value), 'memory')).toEqual({ name: 'memory', definition });
  });

  it('takes the name from the JSON when none was typed', () => {
    expect(readServerJson(JSON.stringify({ memory: definition }), ' ').name).toBe('memory');
    expect(readServerJson(JSON.stringify({ memory: definition }), 'mine').name).toBe('mine');
  });

  it.each([
    ['{oops', 'not JSON'],
    ['{"a":{},"b":{}}', 'exactly one'],
    ['{}', 'exactly one'],
    ['{"command":5}', 'command'],
    ['{"mcpServers":{"a":{"args":[]}}}', 'command or a url'],
    ['{"command":"x"}', 'name'],
    ['[]', 'expected'],
  ])('says what is wrong with %s', (json, message) => {
    expect(() => readServerJson(json, '')).toThrow(message);
  });
});
