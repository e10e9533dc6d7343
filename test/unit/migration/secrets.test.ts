import { describe, expect, it } from 'vitest';
import { catalogDefinition } from '../../../electron/hub/migration/catalog-names.ts';
import { maskedArguments } from '../../../electron/hub/migration/mask-secrets.ts';
import { isSecret, secretArguments } from '../../../electron/hub/migration/secrets.ts';

describe('isSecret', () => {
  it.each([
    ['GITHUB_TOKEN', 'x'],
    ['OPENAI_API_KEY', 'x'],
    ['apiKey', 'x'],
    ['DB_PASSWORD', 'x'],
    ['AWS_SECRET_ACCESS_KEY', 'x'],
    ['GITHUB_PAT', 'x'],
    ['SENTRY_DSN', 'x'],
    ['Authorization', 'Bearer x'],
    ['URL', 'postgres://ada:hunter2@db/x'],
    ['X', 'ghp_0123456789abcdef'],
    ['X', 'sk-ant-REDACTED'],
    ['X', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.sig'],
    ['X', '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822c'],
    ['X', '-----BEGIN RSA PRIVATE KEY-----\nabc'],
  ])('finds %s=%s', (name, value) => expect(isSecret(name, value)).toBe(true));

  it.each([
    ['LOG_LEVEL', 'debug'],
    ['HOME', '/home/ada'],
    ['GITHUB_TOKEN', '${GITHUB_TOKEN}'],
    ['GITHUB_TOKEN', '${GITHUB_TOKEN:-none}'],
    ['GITHUB_TOKEN', ''],
    ['USE_AUTH_TOKEN', 'true'],
    ['KEYBOARD', 'de'],
    ['URL', 'https://example.org/a/very/long/path/to/some/thing'],
    ['DIR', '/home/ada/some/long/path/with/2024/numbers'],
  ])('passes %s=%s', (name, value) => expect(isSecret(name, value)).toBe(false));
});

describe('arguments', () => {
  it('finds secrets by their flag, their look, and in headers', () => {
    const args = [
      '-y',
      'pkg',
      '--token',
      'abc',
      '--api-key=abc',
      '-H',
      'Authorization: Bearer abcdefgh',
      '--port',
      '80',
    ];
    expect(secretArguments(args)).toEqual([false, false, false, true, true, false, true, false, false]);
    expect(maskedArguments(args).join(' ')).toBe(
      '-y pkg --token •••••• --api-key=•••••• -H •••••• --port 80',
    );
  });
});

describe('catalogDefinition', () => {
  it('puts references in the place of secrets and leaves out what cannot be referred to', () => {
    const env = new Map([
      ['TOKEN', 'abc'],
      ['MY-TOKEN', 'abc'],
      ['LOG', '1'],
      ['__proto__', 'x'],
    ]);
    const definition = catalogDefinition({ command: 'a', args: [], env });
    expect(JSON.stringify(definition)).toBe(
      '{"command":"a","env":{"TOKEN":"${TOKEN}","LOG":"1","__proto__":"x"}}',
    );
  });
});
