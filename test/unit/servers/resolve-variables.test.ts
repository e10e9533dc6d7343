import { describe, expect, it } from 'vitest';
import {
  resolveVariables,
  secretNames,
  templatesIn,
  type VariableSources,
} from '../../../electron/hub/servers/resolve-variables.ts';

const environment = { HOME: '/home/a', TRICK: '${HOME}', EMPTY: '' };

const env: VariableSources = {
  env: environment,
  secrets: new Map([['key', '${HOME} {SESSION_ID}']]),
  templates: { SESSION_ID: '${HOME}', CLIENT_ID: 'c', USER_ID: 'u', INSTANCE_TYPE: 'session', WORKDIR: '/w' },
};

describe('variables in definitions', () => {
  it.each([
    ['${HOME}/x', '/home/a/x'],
    ['${NONE:-d}', 'd'],
    ['${EMPTY:-d}', 'd'],
    ['${EMPTY}', ''],
    ['$HOME %HOME% $(id)', '$HOME %HOME% $(id)'],
    ['${NONE:-${HOME}', '${HOME'],
    ['--dir={WORKDIR}/{CLIENT_ID}-{USER_ID}.{INSTANCE_TYPE}', '--dir=/w/c-u.session'],
    ['{NOBODY} {workdir} { WORKDIR }', '{NOBODY} {workdir} { WORKDIR }'],
  ])('%s becomes %s', (text, expected) => {
    expect(resolveVariables(text, env, 'args[0]')).toBe(expected);
  });

  it('E11: never looks at a value again', () => {
    expect(resolveVariables('${TRICK}', env, 'args[0]')).toBe('${HOME}');
    expect(resolveVariables('Bearer ${secret:key}', env, 'headers.x')).toBe('Bearer ${HOME} {SESSION_ID}');
    expect(resolveVariables('{SESSION_ID}', env, 'args[0]')).toBe('${HOME}');
  });

  it('names the variable that is missing and the field that needs it', () => {
    expect(() => resolveVariables('${GITHUB_TOKEN}', env, 'Server github, env.TOKEN,')).toThrow(
      'Server github, env.TOKEN, needs the environment variable GITHUB_TOKEN, which is not set.',
    );
  });

  it.each(['${}', '${1X}', '${secret:}', '${secret:a b}', '${env:X}', '${toString.x}'])(
    'refuses the unknown form %s',
    (text) => {
      expect(() => resolveVariables(text, env, 'command')).toThrow('not a form Patchbay knows');
    },
  );

  it('leaves secrets and templates alone where none are given', () => {
    expect(resolveVariables('${secret:key} {WORKDIR} ${HOME}', { env: environment }, 'x')).toBe(
      '${secret:key} {WORKDIR} /home/a',
    );
  });

  it('tells which secrets and templates a text asks for', () => {
    const text = '${secret:a.b-c} ${HOME} ${SESSION_ID} {WORKDIR} ${secret:d}';
    expect(secretNames(text)).toEqual(['a.b-c', 'd']);
    expect(templatesIn(text)).toEqual(['WORKDIR']);
  });

  it('A09: takes nothing from a prototype', () => {
    expect(() => resolveVariables('${constructor}', env, 'command')).toThrow('constructor, which is not set');
  });
});
