import { describe, expect, it } from 'vitest';
import { parseShellOutput } from '../../../electron/hub/supervisor/shell-environment.ts';

const MARK = 'f00d';

describe('what a login shell answers', () => {
  it('is found between whatever start-up files print', () => {
    const environment = { PATH: '/a:/b', TEXT: 'two\nlines', EMPTY: '', SHLVL: '3', PWD: '/', _: '/bin/env' };
    const output = `Welcome!\n\u001b[2J{"PATH":"no"}${MARK}${JSON.stringify(environment)}${MARK}\nbye`;
    expect(parseShellOutput(output, MARK)).toEqual({ PATH: '/a:/b', TEXT: 'two\nlines', EMPTY: '' });
  });

  it.each(['', 'Welcome!', MARK, `${MARK}{"PATH":"/a"`, `${MARK}{"PATH":${MARK}`, `${MARK}null${MARK}`])(
    'is not there yet, or not at all: %j',
    (output) => {
      expect(parseShellOutput(output, MARK)).toBeNull();
    },
  );

  it('does not take over what was set for the question alone', () => {
    const asked = { ELECTRON_RUN_AS_NODE: '1', PATCHBAY_RESOLVING_ENVIRONMENT: '1', A: '1' };
    expect(parseShellOutput(`${MARK}${JSON.stringify(asked)}${MARK}`, MARK)).toEqual({ A: '1' });
  });
});
