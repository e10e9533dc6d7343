import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { redactJson } from '../../../electron/hub/traffic/redaction.ts';
import { redactText } from '../../../electron/hub/traffic/redaction-patterns.ts';
import { plantedSecrets } from './planted-secrets.ts';

const wrap = (payload: unknown): string =>
  JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'x', arguments: payload } });

describe('E16 planted secrets', () => {
  test('there are at least 50 kinds', () => expect(plantedSecrets.length).toBeGreaterThanOrEqual(50));

  test.each(plantedSecrets)('$name', ({ payload, secret }) => {
    const json = wrap(payload);
    expect(json).toContain(secret.slice(0, 4));
    const { text, redactions } = redactJson(json, false);
    expect(text).not.toContain(secret);
    expect(redactions).toBeGreaterThan(0);
    expect(JSON.parse(text)).toMatchObject({ id: 1, params: { name: 'x' } });
  });

  test.each(plantedSecrets)('$name, with white space', ({ payload, secret }) => {
    expect(redactJson(JSON.stringify({ payload }, null, 2), false).text).not.toContain(secret);
  });

  test.each(plantedSecrets)('$name, cut off anywhere', ({ payload, secret }) => {
    const json = wrap(payload);
    for (let end = 1; end < json.length; end += 1) {
      const { text } = redactJson(json.slice(0, end), true);
      expect(text).not.toContain(secret);
      // Nor half of a secret long enough to be one.
      if (secret.length > 16) expect(text).not.toContain(secret.slice(0, 12));
    }
  });
});

describe('what is no secret stays', () => {
  test.each([
    { progressToken: 5, nextPageToken: 'abc', max_tokens: 100, tokenCount: 7, tokenType: 'x' },
    { inputSchema: { properties: { password: { type: 'string', description: 'The password to use.' } } } },
    { authorization_endpoint: 'https://auth.test/authorize', passwordPolicy: 'strict' },
    { text: 'Bearer of good news; the author: Jane; key=value; see https://example.com/a?b=c' },
    { name: 'get_secret', arguments: { path: '/tmp/skeleton' } },
    { secure: true, password: null, token: '', cookies: [] },
    { text: 'git commit 3f2a9c1d5e7b8a6c4d2e1f0a9b8c7d6e5f4a3b2c' },
  ])('%j', (payload) => {
    const json = wrap(payload);
    expect(redactJson(json, false)).toEqual({ text: json, redactions: 0 });
  });
});

test('what is around a secret stays', () => {
  expect(redactText('https://me:pw@host/x?token=abc&y=1 then PASSWORD=x, done').text).toBe(
    'https://[redacted]@host/x?token=[redacted]&y=1 then PASSWORD=[redacted], done',
  );
  expect(redactJson('{"a":[1,{"token":"x","b":"y"}],"c":"d"}', false)).toEqual({
    text: '{"a":[1,{"token":"[redacted]","b":"y"}],"c":"d"}',
    redactions: 1,
  });
});

test('redacting twice changes nothing more', () => {
  for (const { payload } of plantedSecrets) {
    const once = redactJson(wrap(payload), false).text;
    expect(redactJson(once, false).text).toBe(once);
  }
});

test('whole JSON stays JSON with the same shape', () => {
  const key = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('token', 'password', 'name', 'value', '__proto__'),
  );
  const value = fc.letrec((tie) => ({
    node: fc.oneof(
      { maxDepth: 4 },
      fc.string({ unit: 'binary' }),
      fc.constantFrom('Bearer abcdefgh', 'API_KEY', 'password="a b', String.raw`\"`, '{"token":"x'),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('node')),
      fc.dictionary(key, tie('node')),
    ),
  })).node;
  fc.assert(
    fc.property(value, fc.constantFrom(0, 2), (tree, indent) => {
      const { text } = redactJson(JSON.stringify(tree, null, indent), false);
      expect(shape(JSON.parse(text))).toEqual(shape(JSON.parse(JSON.stringify(tree))));
    }),
    { numRuns: 150 },
  );
});

test('a cut text never throws', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), fc.boolean(), (text, isTruncated) => {
      expect(() => redactJson(text, isTruncated)).not.toThrow();
    }),
    { numRuns: 300 },
  );
});

test.each([
  ['letters', 'a'],
  ['a password without end', 'password='],
  ['addresses', 'a://'],
  ['dots', 'a.'],
  ['options', '--token '],
  ['quotes', String.raw`\"`],
  ['keys', '-----BEGIN PRIVATE KEY-----'],
  ['headers', 'authorization: '],
  ['braces', '{"a":'],
])('64 KiB of %s take no long time', (_name, unit) => {
  const text = JSON.stringify({ text: unit.repeat(Math.ceil(65_536 / unit.length)) });
  const started = performance.now();
  redactJson(text, false);
  redactJson(text.slice(0, -5), true);
  expect(performance.now() - started).toBeLessThan(5_000);
});

/** Kinds and keys; a number or string may have become a string. */
function shape(tree: unknown): unknown {
  if (Array.isArray(tree)) return tree.map(shape);
  if (typeof tree !== 'object' || tree === null)
    return tree === null || typeof tree === 'boolean' ? tree : 'value';
  return Object.values(tree).map(shape);
}

describe('E16 a text is left alone only when it holds nothing', () => {
  const around = fc.array(
    fc.constantFrom(
      'so ',
      ' - ',
      '\n',
      '\t',
      'x: ',
      ' y=',
      '"',
      "'",
      '\\',
      'a/b ',
      'é ',
      '--flag ',
      '12:30 ',
      ', ',
      '(',
    ),
    { maxLength: 4 },
  );

  /** Those that are known by themselves; the others by the structure they stand in. */
  const known = plantedSecrets.filter(
    ({ payload, secret }) => !redactText(JSON.stringify(payload)).text.includes(secret),
  );

  test('most kinds are known without any structure', () => expect(known.length).toBeGreaterThanOrEqual(40));

  test.each(known)('$name, whatever is around it', ({ payload, secret }) => {
    fc.assert(
      fc.property(around, around, (before, after) => {
        const text = `${before.join('')}\n${JSON.stringify(payload)}\n${after.join('')}`;
        const json = JSON.stringify({ result: { content: [{ type: 'text', text }] } });
        const clean = redactJson(json, false);
        // A quote before it may make a string of what was a value; the secret is out all the same.
        if (!before.includes('"') && !before.includes("'") && !before.includes('\\'))
          expect(clean.text.includes(secret)).toBe(false);
        // Nothing is said to be unchanged that is not.
        expect(clean.redactions === 0).toBe(clean.text === json);
      }),
      { numRuns: 30 },
    );
  });

  test.each([
    ['--token\thunter2!', '--token\t[redacted]'],
    ['a\n--password hunter2', 'a\n--password [redacted]'],
    ['token\t: hunter2', 'token\t: [redacted]'],
    ['a\ntoken: hunter2', 'a\ntoken: [redacted]'],
    ['\\"token\\": \\"hunter2\\"', '\\"token\\": \\"[redacted]\\"'],
  ])('%j, with the escapes of JSON', (text, clean) => {
    const raw = JSON.stringify({ a: [{ b: text }] });
    expect(JSON.parse(redactJson(raw, false).text)).toEqual({ a: [{ b: clean }] });
    // Letters may be escaped as well.
    const escaped = raw.replaceAll('e', String.raw`\u0065`);
    expect(JSON.parse(redactJson(escaped, false).text)).toEqual({ a: [{ b: clean }] });
  });
});
