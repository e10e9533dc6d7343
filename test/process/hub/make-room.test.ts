import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { HubFacts } from '../../../electron/hub/hub-lock.ts';
import { makeRoom } from '../../../electron/hub/make-room.ts';
import { processStartMark } from '../../../electron/hub/process-identity.ts';
import { projectRoot } from '../../support/cli.ts';
import { expectNothingLeft } from '../../support/leak-check.ts';
import { temporaryHome, type TemporaryHome } from '../../support/temporary-home.ts';

let home: TemporaryHome;
beforeEach(() => {
  home = temporaryHome();
});
afterEach(async () => {
  await expectNothingLeft(home);
  home.dispose();
});

it('D09: a hub that hangs up instead of answering, because it ends, has made room', async () => {
  const socket = path.join(home.temp, 'hub.sock');
  const script = path.join(projectRoot, 'test', 'fixtures', 'servers', 'hanging-up-hub.mjs');
  const child = spawn(process.execPath, [script, socket], {
    env: home.env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  await once(child.stdout, 'data');
  const pid = child.pid!;
  const facts: HubFacts = {
    pid,
    mark: processStartMark(pid),
    startedAt: Date.now(),
    host: 'headless',
    background: true,
    port: 1,
    url: 'http://127.0.0.1:1/',
    socket,
    version: '0.0.0',
  };
  expect(await makeRoom({ ...facts, background: false })).toBe(false);
  expect(await makeRoom(facts)).toBe(true);
  await exited;
  // Nobody is there any more: there is nothing to ask.
  expect(await makeRoom(facts)).toBe(false);
});
