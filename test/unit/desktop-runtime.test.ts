import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findDesktopRuntime } from '../../electron/hub/desktop-runtime.ts';

let root: string;
const display = { DISPLAY: ':0' };
const find = (env: Record<string, string> = display, system: NodeJS.Platform = 'linux') =>
  findDesktopRuntime(root, { os: system, home: root, env });

function write(file: string, text: string, mode = 0o644): string {
  const at = path.join(root, file);
  mkdirSync(path.dirname(at), { recursive: true });
  writeFileSync(at, text);
  chmodSync(at, mode);
  return at;
}

beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'patchbay-runtime-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('findDesktopRuntime', () => {
  test('finds the runtime that was downloaded for the installed package', () => {
    write('node_modules/electron/package.json', '{"version":"45.4.1"}');
    write('node_modules/electron/path.txt', 'electron');
    write('node_modules/electron/dist/version', 'v45.4.1\n');
    const executable = write('node_modules/electron/dist/electron', '', 0o755);
    expect(find()).toEqual({ executable });
  });

  test('says how to get the runtime when only the package is there, and runs none of its code', () => {
    write('node_modules/electron/package.json', '{"version":"45.4.1"}');
    write('node_modules/electron/index.js', 'process.exit(9)');
    expect(find()).toEqual({ reason: expect.stringContaining('npx install-electron --no') });
  });

  test('refuses a runtime of another version, or one that cannot be executed', () => {
    write('node_modules/electron/package.json', '{"version":"45.4.1"}');
    write('node_modules/electron/path.txt', 'electron');
    write('node_modules/electron/dist/version', '44.0.0');
    const executable = write('node_modules/electron/dist/electron', '', 0o755);
    expect(find()).toEqual({ reason: expect.stringContaining('is 44.0.0, not 45.4.1') });
    chmodSync(executable, 0o644);
    expect(find()).toEqual({ reason: expect.stringContaining('not installed') });
  });

  test('says that there is no display, on Linux only', () => {
    const executable = write('elsewhere/electron', '', 0o755);
    write('elsewhere/electron.exe', '', 0o755);
    const env = { ELECTRON_OVERRIDE_DIST_PATH: path.dirname(executable) };
    expect(find(env)).toEqual({ reason: expect.stringContaining('no display') });
    expect(find({ ...env, WAYLAND_DISPLAY: 'wayland-0' })).toEqual({ executable });
    expect(find(env, 'win32')).toEqual({ executable: `${executable}.exe` });
  });

  test('an override that leads nowhere is named, not passed over', () => {
    write('node_modules/electron/package.json', '{"version":"45.4.1"}');
    const env = { ...display, ELECTRON_OVERRIDE_DIST_PATH: path.join(root, 'nowhere') };
    expect(find(env)).toEqual({ reason: expect.stringContaining('nowhere') });
  });

  test('a missing or broken package is a reason, not an exception', () => {
    expect(find()).toEqual({ reason: expect.stringContaining('"electron" is not installed') });
    write('node_modules/electron/package.json', '{');
    expect(find()).toEqual({ reason: expect.stringContaining('"electron" is not installed') });
  });
});
