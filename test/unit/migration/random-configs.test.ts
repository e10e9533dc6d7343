import fc from 'fast-check';
import { parse, type ParseError } from 'jsonc-parser';
import { describe, expect, it } from 'vitest';
import { createCatalogNames } from '../../../electron/hub/migration/catalog-names.ts';
import { parseJsonDocument, type JsonDocument } from '../../../electron/hub/files/json-document.ts';
import { entriesOf } from '../../../electron/hub/migration/load-configs.ts';
import type { Move } from '../../../electron/hub/migration/move.ts';
import { rewriteFile } from '../../../electron/hub/migration/rewrite-file.ts';
import { restoreAllEntries } from '../../../electron/hub/migration/restore-file.ts';
import { SHIM, testAdapter } from './engine-fixture.ts';

const adapter = testAdapter('claude-code', '/c.json');
const shim = { ...SHIM, env: { ELECTRON_RUN_AS_NODE: '1' } };

const text = fc.string({ unit: 'grapheme', maxLength: 6 }).filter((value) => !value.includes('\0'));
const name = fc
  .oneof(text, fc.constantFrom('__proto__', 'constructor', 'a/b', '~1', 'toString'))
  .filter((n) => n !== '' && n !== '--');
const command = text.filter((value) => value !== '');
const entry = fc.record(
  {
    command,
    args: fc.array(text, { maxLength: 3 }),
    env: fc.dictionary(text, text, { maxKeys: 2 }),
    extra: fc.jsonValue({ maxDepth: 2 }),
  },
  { requiredKeys: ['command'] },
);
const table = fc.array(fc.tuple(name, entry), { maxLength: 4 });
const config = fc.record({ servers: table, local: table, rest: fc.jsonValue({ maxDepth: 2 }) });

/** What stands between tokens; every choice is drawn anew, so no two lines are alike. */
const layout = fc.record({
  gaps: fc.array(fc.constantFrom('', '', ' ', '\n', '\r\n  ', '\t', ' /* [{", */ ', ' // "x",\n'), {
    minLength: 1,
    maxLength: 40,
  }),
  trailing: fc.boolean(),
  bom: fc.boolean(),
});

/** An object as pairs, so that any key is an own key and nothing is reordered. */
class Pairs {
  readonly pairs: readonly (readonly [string, unknown])[];
  constructor(pairs: readonly (readonly [string, unknown])[]) {
    this.pairs = pairs;
  }
}

function print(value: unknown, gaps: readonly string[], trailing: boolean): string {
  let index = 0;
  const gap = (): string => gaps[index++ % gaps.length]!;
  const list = (open: string, items: string[], close: string): string =>
    items.length === 0
      ? `${open}${gap()}${close}`
      : `${open}${gap()}${items.join(`${gap()},${gap()}`)}${trailing ? `${gap()},` : ''}${gap()}${close}`;
  const walk = (node: unknown): string => {
    if (Array.isArray(node)) return list('[', node.map(walk), ']');
    const pairs =
      node instanceof Pairs
        ? node.pairs
        : node !== null && typeof node === 'object'
          ? Object.entries(node)
          : null;
    if (!pairs) return JSON.stringify(node);
    const members = new Map(pairs);
    return list(
      '{',
      [...members].map(([key, child]) => `${JSON.stringify(key)}${gap()}:${gap()}${walk(child)}`),
      '}',
    );
  };
  return gap() + walk(value) + gap();
}

function documentOf(
  { servers, local, rest }: typeof config extends fc.Arbitrary<infer T> ? T : never,
  { gaps, trailing, bom }: typeof layout extends fc.Arbitrary<infer T> ? T : never,
): JsonDocument {
  const root = new Pairs([
    ['rest', rest],
    ['mcpServers', new Pairs(servers)],
    [
      'projects',
      new Pairs([
        [
          '/p',
          new Pairs([
            ['mcpServers', new Pairs(local)],
            ['big', 1e21],
          ]),
        ],
      ]),
    ],
  ]);
  return parseJsonDocument(Buffer.from((bom ? '\uFEFF' : '') + print(root, gaps, trailing)), '/c.json');
}

function movesOf(document: JsonDocument): Move[] {
  const names = createCatalogNames(new Map());
  return entriesOf({ adapter, document }).map(({ table: at, name: entryName, stdio }) => ({
    way: 'shim',
    table: at,
    name: entryName,
    original: stdio!,
    server: names.nameFor(entryName, stdio!, { client: 'claude-code', path: '/c.json', scope: at.scope }),
  }));
}

/** The value a client reads, by an independent reader; JSON.stringify keeps `__proto__` keys comparable. */
function valueIn(bytes: Uint8Array): unknown {
  const errors: ParseError[] = [];
  const value: unknown = parse(Buffer.from(bytes).toString().replace('\uFEFF', ''), errors, {
    allowTrailingComma: true,
  });
  expect(errors).toEqual([]);
  return value;
}

/** Whether every character of `part` stands in `whole`, in this order. */
function isSubsequence(part: string, whole: string): boolean {
  let index = 0;
  for (let at = 0; at < whole.length; at += 1) if (whole[at] === part[index]) index += 1;
  return index === part.length;
}

describe('A05, A06, A08, A09: any config', () => {
  it('keeps every byte but the commands, and comes back from the entries alone', () => {
    fc.assert(
      fc.property(config, layout, (content, style) => {
        const document = documentOf(content, style);
        const moves = movesOf(document);
        const { bytes, additions } = rewriteFile(document, moves, 'claude-code', shim);

        // An independent way to the untouched part: the old text without its commands.
        const after = Buffer.from(bytes).toString();
        const commands = entriesOf({ adapter, document })
          .map(
            ({ node }) =>
              node.children!.find(({ children }) => children![0]!.value === 'command')!.children![1]!,
          )
          .sort((a, b) => b.offset - a.offset);
        let untouched = document.text;
        for (const { offset, length } of commands)
          untouched = untouched.slice(0, offset) + untouched.slice(offset + length);
        expect(isSubsequence(untouched, after)).toBe(true);

        const rewritten = parseJsonDocument(bytes, '/c.json');
        for (const { stdio } of entriesOf({ adapter, document: rewritten })) {
          expect(stdio).toMatchObject({ command: shim.command });
          expect(stdio!.env.get('ELECTRON_RUN_AS_NODE')).toBe('1');
        }
        expect(additions).toHaveLength(moves.length);

        // Without a manifest an empty list and an empty env may stay; the values are the same.
        const restored = restoreAllEntries(bytes, '/c.json', adapter, shim.env);
        const clean = (value: unknown): string =>
          JSON.stringify(value)
            .replaceAll(/,"(args":\[\]|env":\{\})/g, '')
            .replaceAll(/"(args":\[\]|env":\{\}),/g, '');
        expect(clean(valueIn(restored.bytes!))).toBe(clean(valueIn(document.bytes)));
      }),
      { numRuns: 200 },
    );
  });
});
