import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  openShellEnvironment,
  type ShellEnvironment,
} from '../../../electron/hub/supervisor/shell-environment.ts';
import { expectNothingLeft } from '../../support/leak-check.ts';
import { temporaryHome, type TemporaryHome } from '../../support/temporary-home.ts';

let home: TemporaryHome;
let opened: ShellEnvironment | null;

beforeEach(() => {
  home = temporaryHome();
  opened = null;
});
afterEach(async () => {
  opened?.close();
  await expectNothingLeft(home);
  home.dispose();
});

/** A login shell that runs `body` first, then what it was asked to; notes how it was called. */
function shell(body: string): string {
  const file = path.join(home.home, 'fake shell');
  const calls = path.join(home.home, 'calls');
  writeFileSync(
    file,
    `#!/bin/sh\nprintf '%s|%s\\n' "$1" "$PATCHBAY_RESOLVING_ENVIRONMENT" >> '${calls}'\n${body}\n`,
    {
      mode: 0o700,
    },
  );
  return file;
}
function open(file: string, timeoutMs?: number): ShellEnvironment {
  opened = openShellEnvironment({
    platform: {
      os: process.platform,
      home: home.home,
      env: { ...home.env, PATH: '/usr/bin:/bin', SHELL: file },
    },
    runtime: process.execPath,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  });
  return opened;
}

describe('the environment of the login shell', () => {
  it('is asked for once, as a terminal would, and told from what start-up files print', async () => {
    const file = shell(
      'echo "Welcome to {fake}"; export PATH="/opt/tools:$PATH" TOKEN="it\'s\n2 lines"; eval "$2"; echo bye',
    );
    const environment = open(file);
    expect(environment.current().PATH).toBe('/usr/bin:/bin');
    await environment.ready;
    expect(environment.problem).toBeNull();
    expect(environment.current()).toMatchObject({
      PATH: '/opt/tools:/usr/bin:/bin',
      TOKEN: "it's\n2 lines",
      HOME: home.home,
    });
    expect(environment.current()).not.toHaveProperty('ELECTRON_RUN_AS_NODE');
    expect(readFileSync(path.join(home.home, 'calls'), 'utf8')).toBe('-ilc|1\n');
  });

  it('is the hub’s own where the shell fails, and says so', async () => {
    const environment = open(shell('echo broken >&2; exit 3'));
    await environment.ready;
    expect(environment.problem).toContain(
      'ended (code 3) without an answer. Programs are looked for in PATH=/usr/bin:/bin.',
    );
    expect(environment.current().PATH).toBe('/usr/bin:/bin');
  });

  it('is the hub’s own where start-up files hang; nothing of them is left', async () => {
    const environment = open(shell('sleep 1000 & sleep 1000'), 300);
    await environment.ready;
    expect(environment.problem).toContain('gave no answer within 0.3 s');
  });

  it('is the hub’s own where there is no such shell, or one that writes without end', async () => {
    const none = open('/no/such/shell');
    await none.ready;
    expect(none.problem).toContain('ENOENT');
    const loud = open(shell('while :; do printf "%01000d" 0; done'));
    await loud.ready;
    expect(loud.problem).toContain('writes without end');
  });

  it('is not waited for when the hub ends', async () => {
    const environment = open(shell(`touch '${home.home}/up'; sleep 1000`));
    await expect.poll(() => existsSync(path.join(home.home, 'up'))).toBe(true);
    environment.close();
    await environment.ready;
    expect(environment.problem).toContain('ended (SIGKILL)');
  });

  it.runIf(existsSync('/bin/bash'))('comes from a real shell too', async () => {
    writeFileSync(path.join(home.home, '.bash_profile'), 'export FROM_PROFILE=yes\n. ~/.bashrc\n');
    writeFileSync(path.join(home.home, '.bashrc'), 'case $- in *i*) export FROM_RC=yes;; esac\n');
    const environment = open('/bin/bash');
    await environment.ready;
    expect(environment.problem).toBeNull();
    expect(environment.current()).toMatchObject({ FROM_PROFILE: 'yes', FROM_RC: 'yes' });
  });
});
