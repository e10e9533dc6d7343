import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

const app = vi.hoisted(() => ({
  getLoginItemSettings: vi.fn(() => ({ openAtLogin: true })),
  setLoginItemSettings: vi.fn(),
}));
vi.mock('electron', () => ({ app }));
const { autostartEntry, createLoginItem } = await import('../../../electron/main/login-item.ts');

const launch = { command: '/opt/Patchbay/patchbay', args: ['--hidden'], env: {} };

describe('on Linux', () => {
  let configHome = '';
  beforeEach(() => (configHome = mkdtempSync(path.join(os.tmpdir(), 'patchbay-login-'))));
  afterEach(() => rmSync(configHome, { recursive: true }));
  const file = (): string => path.join(configHome, 'autostart', 'patchbay.desktop');

  test('an autostart entry is written, read back and removed', () => {
    const item = createLoginItem({ os: 'linux', packaged: true }, launch, configHome);
    expect(item.isEnabled()).toBe(false);
    item.setEnabled(true);
    expect(item.isEnabled()).toBe(true);
    expect(readFileSync(file(), 'utf8')).toMatch(/^Comment=Routes the .+\nComment\[de\]=Leitet die /m);
    expect(readFileSync(file(), 'utf8')).toContain('Exec="/opt/Patchbay/patchbay" "--hidden"\n');
    item.setEnabled(false);
    expect(existsSync(file())).toBe(false);
  });

  test('an entry that the desktop’s own settings switched off counts as off', () => {
    const item = createLoginItem({ os: 'linux', packaged: true }, launch, configHome);
    item.setEnabled(true);
    writeFileSync(file(), `${readFileSync(file(), 'utf8')}Hidden=true\n`);
    expect(item.isEnabled()).toBe(false);
  });

  test('a path with spaces, quotes, backslashes, dollars and percent signs survives the two layers of escaping', () => {
    const entry = autostartEntry({ command: String.raw`/a b/"q"\$x%f`, args: [], env: {} });
    expect(entry).toContain(String.raw`Exec="/a b/\\"q\\"\\\\\\$x%%f"` + '\n');
  });
});

describe('elsewhere', () => {
  test('Windows is told the command, so that reading back finds the same item', () => {
    const item = createLoginItem({ os: 'win32', packaged: true }, launch, '');
    item.setEnabled(true);
    expect(item.isEnabled()).toBe(true);
    const named = { path: launch.command, args: ['--hidden'] };
    expect(app.setLoginItemSettings).toHaveBeenCalledWith({ ...named, openAtLogin: true });
    expect(app.getLoginItemSettings).toHaveBeenCalledWith(named);
  });

  test('without an installation there is nothing to register', () => {
    expect(createLoginItem({ os: 'darwin', packaged: false }, launch, '').isEnabled()).toBeNull();
  });
});
