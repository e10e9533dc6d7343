import { describe, expect, it } from 'vitest';
import { resolveVariables } from '../../../electron/hub/servers/resolve-variables.ts';

const env = { HOME: '/home/a', TRICK: '${HOME}', EMPTY: '' };

describe('variables in definitions', () => {
  it.each([
    ['${HOME}/x', '/home/a/x'],
    ['${NONE:-d}', 'd'],
    ['${EMPTY:-d}', 'd'],
    ['${EMPTY}', ''],
    ['$HOME %HOME% $(id)', '$HOME %HOME% $(id)'],
    ['${NONE:-${HOME}', '${HOME'],
  ])('%s becomes %s', (text, expected) => {
    expect(resolveVariables(text, env, 'args[0]')).toBe(expected);
  });

  it('E11: never looks at a value again', () => {
    expect(resolveVariables('${TRICK}', env, 'args[0]')).toBe('${HOME}');
  });

  it('names the variable that is missing and the field that needs it', () => {
    expect(() => resolveVariables('${GITHUB_TOKEN}', env, 'Server github, env.TOKEN,')).toThrow(
      'Server github, env.TOKEN, needs the environment variable GITHUB_TOKEN, which is not set.',
    );
  });

  it.each(['${}', '${1X}', '${secret:NAME}', '${env:X}', '${toString.x}'])(
    'refuses the unknown form %s',
    (text) => {
      expect(() => resolveVariables(text, env, 'command')).toThrow('not a form Patchbay knows');
    },
  );

  it('A09: takes nothing from a prototype', () => {
    expect(() => resolveVariables('${constructor}', env, 'command')).toThrow('constructor, which is not set');
  });
});
