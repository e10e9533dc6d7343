import { expect, it } from 'vitest';
import { PatchbayError } from '../../../shared/model/error.ts';
import { StderrRing } from '../../../electron/hub/supervisor/stderr-ring.ts';
import { failureText } from '../../../electron/hub/witness/failure-text.ts';
import { RpcFault, ServerFault } from '../../../electron/hub/witness/server-fault.ts';

function wrote(text: string): StderrRing {
  const ring = new StderrRing();
  ring.push('x', Buffer.from(text), 0);
  return ring;
}

it('says what happened and what the server wrote', () => {
  expect(failureText(new ServerFault('ended with exit code 1'), wrote('no config\nsee help\n'), {})).toBe(
    'The server ended with exit code 1. It wrote: no config\nsee help',
  );
  expect(failureText(new RpcFault('initialize', { code: -32602, message: 'old' }), wrote(''), {})).toBe(
    'The server answered initialize with error -32602: old.',
  );
});

it('B01: keeps the reason and the hint of a start that failed', () => {
  const error = new PatchbayError('SERVER_CANNOT_START', 'The command "x" was not found.', {
    hint: 'Searched in PATH=/bin',
  });
  expect(failureText(error, wrote(''), {})).toBe('The command "x" was not found. Searched in PATH=/bin');
});

it('has the last 50 lines and at most 4000 characters of them', () => {
  const lines = Array.from({ length: 60 }, (_, index) => `line ${index}`);
  const text = failureText(new ServerFault('ended'), wrote(`${lines.join('\n')}\n`), {});
  expect(text.split('\n')).toHaveLength(50);
  expect(text).toMatch(/line 10\n[^]*line 59$/);
  const long = failureText(
    new ServerFault('ended'),
    wrote(`start${'x'.repeat(4_090)}\n${'y'.repeat(4_000)}\n`),
    {},
  );
  expect(long).toBe(`The server ended. It wrote: …${'y'.repeat(4_000)}`);
});

it('E16: shows the names of secrets, not their values', () => {
  const env = { GITHUB_TOKEN: 'ghp_$&1234', API_KEY: 'short', HOME: '/home/ada', DB_PASSWORD: 'hunter2!' };
  const ring = wrote('bad token ghp_$&1234 in /home/ada, tried hunter2! hunter2!');
  expect(failureText(new ServerFault('ended'), ring, env)).toBe(
    'The server ended. It wrote: bad token [GITHUB_TOKEN] in /home/ada, tried [DB_PASSWORD] [DB_PASSWORD]',
  );
});

it('E26: removes terminal controls, also those an error message brings', () => {
  const ring = wrote(
    '\u001B[31mred\u001B[0m \u001B]8;;http://evil\u0007link\u001B]8;;\u0007 bell\u0007\ttab',
  );
  expect(failureText(new RpcFault('x', { code: 1, message: 'a\u001B[2Jb' }), ring, {})).not.toMatch(
    /[\u0000-\u0008\u001B]/,
  );
  expect(failureText(new ServerFault('ended'), ring, {})).toBe(
    'The server ended. It wrote: red link bell\ttab',
  );
});
