import { describe, expect, it } from 'vitest';
import { messages as german } from '../../../renderer/messages/de/messages.ts';
import { messages as english } from '../../../renderer/messages/en/messages.ts';
import { type Given, numbersIn, saidInBoth, type Text, textsOf, wordsOf } from '../language/said-in-both.ts';

const inEnglish = textsOf(english);
const inGerman = textsOf(german);

/** What the texts are given that take more than numbers and words, or that have a form of their own for a value. */
const SPECIAL: Record<string, readonly Given[]> = {
  'alerts.summary': [[0, 0]],
  'clients.running': [[0]],
  'clients.timeMachine.server': [['2003', '3001', '']],
  'exchange.find.position': [[2003, 3001, false]],
  'exchange.phaseSentence': [[[{ name: '2003', duration: '3001' }]], [[]]],
  'serverSettings.import.summary': [[2003, 0, 0]],
  'servers.sharing.headline': [
    [0, null],
    [1, null],
    [2003, null],
  ],
  'setup.choose.mentionsBroken': [
    [1, 0],
    [2003, 0],
  ],
  'status.errors': [[0]],
  'traffic.counts': [
    [1, 1],
    [2003, 2003],
  ],
  'traffic.spans.explain': [['']],
};

/** Digits as strings go into every text, be its parameter a number or a word, and are found again in what it makes. */
const samplesFor = (path: string, count: number): readonly Given[] =>
  path === 'exchange.phaseSentence'
    ? SPECIAL[path]!
    : [
        ['2003', '3001', '4001', '5003'].slice(0, count),
        Array<string>(count).fill('1'),
        ...(SPECIAL[path] ?? []),
      ];

/** Both languages' words for the same things. */
const said = saidInBoth(inEnglish, inGerman, samplesFor);

/** What is code in a text, and a `#` that no number took the place of or, in a bare form, waits for one. */
const codeIn = (text: string): string[] =>
  (text.match(/\$\{\w+:?|https?:\/\/|#|\/metrics/g) ?? []).toSorted();

/** Names, units, commands and words that both languages share. */
const SAME_IN_BOTH: ReadonlySet<string> = new Set([
  'Patchbay',
  'SHA-256',
  'Claude Desktop',
  'Claude Code',
  'Client',
  'Clients',
  'Server',
  'Tool',
  'Tools',
  'Filter',
  'Name',
  'Start',
  'Host',
  'System',
  'Version',
  'Isolation',
  'Transport',
  'OK',
  'English',
  'Deutsch',
  'CPU',
  'URL',
  'JSON',
  'HTTP',
  'SSE',
  'WebSocket',
  'Streamable HTTP',
  'stdio',
  'Stderr',
  'HAR',
  'JSONL',
  'CSV',
  'OTLP',
  'h',
  'min',
  'p50',
  'p90',
  'p99',
  'Hub p50',
  'tools/list',
  'server:github tool:create* client:claude-code',
  'patchbay-alerts.yml',
  'npx -y @modelcontextprotocol/server-memory',
  'https://mcp.example.com/mcp',
  '{ "command": "npx", "args": ["-y", "@acme/server"], "env": { "KEY": "${KEY}" } }',
]);

describe('the German texts', () => {
  it('are those of the English ones, no more and no fewer', () => {
    expect([...inGerman.keys()].toSorted()).toEqual([...inEnglish.keys()].toSorted());
  });

  it('are of the same kind and take the same number of parameters', () => {
    const shape = (texts: ReadonlyMap<string, Text>): Record<string, string | number> =>
      Object.fromEntries(
        [...texts].map(([path, text]) => [path, typeof text === 'function' ? text.length : typeof text]),
      );
    expect(shape(inGerman)).toEqual(shape(inEnglish));
  });

  it('say something wherever the English ones do', () => {
    expect(said.filter((one) => one.english.trim() !== '' && one.german.trim() === '')).toEqual([]);
    expect([...inGerman].filter(([, text]) => text === '')).toEqual([]);
  });

  it('hold every number and word they are given, and the # of a plural', () => {
    expect(said.length).toBeGreaterThan(inEnglish.size);
    expect(
      said.filter(
        (one) =>
          numbersIn(one.german).join() !== numbersIn(one.english).join() ||
          codeIn(one.german).join() !== codeIn(one.english).join(),
      ),
    ).toEqual([]);
  });

  it('differ from the English ones, but for names and words that both languages share', () => {
    const untranslated = said.filter(
      (one) =>
        one.german === one.english && /\p{L}/u.test(one.german) && !SAME_IN_BOTH.has(wordsOf(one.german)),
    );
    expect(untranslated.map((one) => `${one.path}: ${one.german}`)).toEqual([]);
  });

  it('share with the English ones only what is listed as shared', () => {
    const shared = new Set(
      said.filter((one) => one.german === one.english).map((one) => wordsOf(one.german)),
    );
    expect([...SAME_IN_BOTH].filter((words) => !shared.has(words))).toEqual([]);
  });

  it('open and close quotes the German way', () => {
    const quotes = (text: string): string => text.replaceAll(/[^„“”]/g, '');
    expect(said.filter((one) => !/^(?:„“)*$/.test(quotes(one.german)))).toEqual([]);
  });
});

it('p99 is what one call of a hundred takes longer than', () => {
  expect(english.alerts.conditions.p99('search', 5_000, 15)).toBe(
    '1 of 100 calls of search takes longer than 5 s for 15 min',
  );
  expect(german.alerts.conditions.p99('search', 5_000, 15)).toContain('1 von 100 Aufrufen');
});
