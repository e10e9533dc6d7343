import { describe, expect, test } from 'vitest';
import { ruleFromWords } from '../../../electron/cli/read-alert-rule.ts';
import { ALERT_TEMPLATES } from '../../../shared/model/alert.ts';

const template = (id: string) => ALERT_TEMPLATES.find((rule) => rule.id === id)!;

describe('an alert rule from words', () => {
  test('is a template as it is', () => {
    expect(ruleFromWords('slow-calls', [], undefined)).toEqual(template('slow-calls'));
  });

  test('is a template of its kind under another id, with what was said', () => {
    const words = [
      'kind=error-rate',
      'server=git hub',
      'tool=create=x',
      'threshold=2.5%',
      'for=1h',
      'min-calls=3',
      'name=Too many',
    ];
    expect(ruleFromWords('mine', words, undefined)).toEqual({
      id: 'mine',
      name: 'Too many',
      kind: 'error-rate',
      server: 'git hub',
      tool: 'create=x',
      threshold: 2.5,
      forMinutes: 60,
      minCalls: 3,
      enabled: true,
    });
    expect(ruleFromWords('mine', ['kind=p99'], undefined)).toMatchObject({ name: 'mine', threshold: 5_000 });
  });

  test('changes what is there, and takes names out again', () => {
    const known = { ...template('slow-calls'), server: 'a', tool: 'b', name: 'Mine' };
    expect(ruleFromWords('slow-calls', ['threshold=2s', 'tool=', 'enabled=false'], known)).toEqual({
      ...template('slow-calls'),
      server: 'a',
      name: 'Mine',
      threshold: 2_000,
      enabled: false,
    });
  });

  test.each([
    [['speed=1'], 'is no FIELD=VALUE'],
    [['threshold'], 'is no FIELD=VALUE'],
    [[], 'Give kind='],
    [['kind=slow'], 'Give kind='],
    [['kind=p99', 'threshold=5x'], 'give a number, such as 5ms or 5s or 5m or 5%'],
    [['kind=p99', 'threshold=fast'], 'give a number'],
    [['kind=p99', 'for=0'], 'This is no alert rule'],
    [['kind=p99', 'enabled=perhaps'], 'This is no alert rule'],
    [['kind=p99', 'name='], 'This is no alert rule'],
  ])('%j is refused', (words, message) => {
    expect(() => ruleFromWords('mine', words, undefined)).toThrow(message);
  });

  test('with an id that cannot be one is refused', () => {
    expect(() => ruleFromWords('Not This', ['kind=p99'], undefined)).toThrow('This is no alert rule');
  });
});
