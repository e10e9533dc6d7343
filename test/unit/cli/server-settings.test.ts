import { describe, expect, it } from 'vitest';
import { readServerChange } from '../../../electron/cli/commands/server-settings.ts';

describe('servers set', () => {
  it('reads fields with units, words and JSON; an empty value takes a field out', () => {
    expect(
      readServerChange([
        'isolation=shared',
        'warm=2',
        'timeout=30s',
        'startTimeout=1500',
        'idleTimeout=10m',
        'memoryLimit=512MB',
        'enabled=false',
        'tools={"deny":["rm*"],"rename":{"a=b":"c"}}',
        'copies=',
      ]),
    ).toEqual({
      isolation: 'shared',
      warm: 2,
      timeout: 30_000,
      startTimeout: 1_500,
      idleTimeout: 600_000,
      memoryLimit: 512 * 1024 * 1024,
      enabled: false,
      tools: { deny: ['rm*'], rename: { 'a=b': 'c' } },
      copies: null,
    });
  });

  it.each([
    'isolation=everyone',
    'warm=9',
    'warm=-1',
    'warm=2s',
    'warm=two',
    'timeout=30mb',
    'timeout=0',
    'memoryLimit=10m',
    'enabled=yes',
    'tools=[]',
    'warm',
    '=2',
    'command=sh',
    'env={}',
    '__proto__=1',
  ])('refuses %s as usage', (pair) => {
    expect(() => readServerChange([pair])).toThrow(expect.objectContaining({ code: 'USAGE' }));
  });
});
