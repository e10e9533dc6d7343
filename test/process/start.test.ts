// `npm start` on a machine where the desktop app cannot run.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { projectRoot } from '../support/cli.ts';
import { expectNothingLeft } from '../support/leak-check.ts';
import { temporaryHome, type TemporaryHome } from '../support/temporary-home.ts';

let home: TemporaryHome;

beforeEach(() => {
  home = temporaryHome();
});
afterEach(async () => {
  try {
    await expectNothingLeft(home);
  } finally {
    home.dispose();
  }
});

/** Runs the launcher until it has printed an address, then ends it as Ctrl-C does. */
async function start(
  env: Record<string, string>,
): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [path.join(projectRoot, 'build', 'start.mjs')], {
    cwd: projectRoot,
    env: { ...home.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  createInterface({ input: child.stdout }).on('line', (line) => {
    out += `${line}\n`;
    if (line.includes('http://')) child.kill('SIGINT');
  });
  const code = await exited;
  // It may have built first, when a source is newer than dist/.
  return { code, out, err: err.replace(/^built dist\/.*\n/, '') };
}

test.skipIf(process.platform !== 'linux')(
  'without a display it says so in one sentence and serves headless',
  async () => {
    const { code, out, err } = await start({});
    expect(out).toMatch(/http:\/\/127\.0\.0\.1:\d+\/#token=\S+/);
    expect(err).toMatch(/^The desktop app cannot start: there is no display [^\n]*\n$/);
    expect(code).toBe(0);
  },
  15_000,
);

test('an Electron runtime that is not there is named, never downloaded', async () => {
  const missing = path.join(home.root, 'nowhere');
  const { code, out, err } = await start({ DISPLAY: ':99', ELECTRON_OVERRIDE_DIST_PATH: missing });
  expect(out).toMatch(/http:\/\/127\.0\.0\.1:\d+\/#token=\S+/);
  expect(err).toContain(missing);
  expect(err.trim().split('\n')).toHaveLength(1);
  expect(code).toBe(0);
}, 15_000);
