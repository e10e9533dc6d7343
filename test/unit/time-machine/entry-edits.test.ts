import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJsonDocument } from '../../../electron/hub/files/json-document.ts';
import {
  entryText,
  putEntries,
  putFields,
  removeEntries,
} from '../../../electron/hub/time-machine/entry-edits.ts';

const document = (text: string) => parseJsonDocument(Buffer.from(text), '/config.json');
const KEYS = ['mcpServers'];

describe('an entry put into another file', () => {
  const source = document(
    '{\n  "mcpServers": {\n    "a": {\n      "command": "x",\n      "args": ["1"]\n    }\n  }\n}\n',
  );
  const entry = entryText(source, KEYS, 'a')!;

  it.each([
    ['', '{\n  "mcpServers": {\n    "a": {\n      "command": "x",\n      "args": ["1"]\n    }\n  }\n}\n'],
    ['{}', undefined],
    ['{"b":1}', '{"b":1,"mcpServers":{"a":{\n'],
    ['{\n  // mine\n  "mcpServers": {}, // here\n}\n', undefined],
    ['{\r\n\t"mcpServers": {\r\n\t\t"b": { "command": "y" }\r\n\t}\r\n}', undefined],
    ['\uFEFF{\n  "mcpServers": {\n    "a": "nothing"\n  }\n}\n', undefined],
    ['{\n  "mcpServers": null,\n  "z": 1.0\n}', undefined],
  ])('A05 A06: %j', (text, begins) => {
    const before = document(text);
    const after = putEntries(before, [entry]);
    expect(JSON.parse(stripped(after.text))).toMatchObject({
      mcpServers: { a: { command: 'x', args: ['1'] } },
    });
    if (begins !== undefined) expect(after.text.startsWith(begins)).toBe(true);
    if (text.includes('\r\n')) expect(after.text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    if (text.includes('// mine')) expect(after.text).toMatch(/\/\/ mine[^]*\/\/ here/);
  });

  it('A09: takes any name for what it is', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ unit: 'grapheme' }), { maxLength: 5 }),
        fc.string(),
        (others, name) => {
          const members = others
            .filter((other) => other !== name)
            .map((other) => `${JSON.stringify(other)}: {"command": "o"}`);
          const before = document(`{ "mcpServers": { ${members.join(', ')} }, "big": 12345678901234567890 }`);
          const put = putEntries(before, [{ ...entry, name }]);
          expect(put.text).toContain('"big": 12345678901234567890');
          expect(entryText(put, KEYS, name)).not.toBeNull();
          const back = removeEntries(put, [{ keys: KEYS, name }]);
          expect(JSON.parse(back.text)).toEqual(JSON.parse(before.text));
        },
      ),
    );
  });

  it('is taken out with its comma, others untouched', () => {
    const text = '{"mcpServers": {"a": {}, /* b */ "b": {}, "c": {} }}';
    const left = removeEntries(document(text), [
      { keys: KEYS, name: 'a' },
      { keys: KEYS, name: 'c' },
      { keys: KEYS, name: 'nobody' },
      { keys: ['elsewhere'], name: 'a' },
    ]);
    expect(left.text).toContain('/* b */ "b": {}');
    expect(JSON.parse(stripped(left.text))).toEqual({ mcpServers: { b: {} } });
  });

  it('gives back only the fields that are named', () => {
    const text =
      '{\n  "mcpServers": {\n    "a": { "url": "http://x", "type": "http", "env": {"KEY": "new"}, "z": 1 }\n  }\n}\n';
    const after = putFields(document(text), entry, ['type', 'url', 'command', 'args']);
    expect(JSON.parse(after.text)).toEqual({
      mcpServers: { a: { command: 'x', args: ['1'], env: { KEY: 'new' }, z: 1 } },
    });
    expect(after.text).toContain('"env": {"KEY": "new"}');
  });
});

const stripped = (text: string): string =>
  text
    .replace(/^\uFEFF/, '')
    .replaceAll(/\/\/.*|\/\*.*?\*\//g, '')
    .replaceAll(/,(\s*})/g, '$1');
