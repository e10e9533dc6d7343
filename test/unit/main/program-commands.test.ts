import { describe, expect, test } from 'vitest';
import { readRoutedEntry } from '../../../electron/hub/migration/routed-entry.ts';
import { parseShimArguments } from '../../../electron/shim/shim-arguments.ts';
import { hubArguments } from '../../../electron/main/hub-messages.ts';
import { type DesktopRuntime, launchCommand, shimCommand } from '../../../electron/main/program-commands.ts';

const linux: DesktopRuntime = {
  os: 'linux',
  execPath: '/opt/Patchbay/patchbay',
  helperExecPath: undefined,
  appImage: undefined,
  appPath: '/opt/Patchbay/resources/app.asar',
  packaged: true,
};

describe('how an entry starts the shim', () => {
  const env = { ELECTRON_RUN_AS_NODE: '1' };
  const args = ['/data/shim/shim.cjs'];

  test('the app’s binary as Node', () => {
    expect(shimCommand(linux, args[0]!)).toEqual({ command: '/opt/Patchbay/patchbay', args, env });
  });

  test('an AppImage is named by its file, since the mount is gone tomorrow', () => {
    const runtime = { ...linux, execPath: '/tmp/.mount_x/patchbay', appImage: '/home/me/Patchbay.AppImage' };
    const shim = shimCommand(runtime, args[0]!);
    expect(shim).toEqual({
      command: '/home/me/Patchbay.AppImage',
      args: ['/data/shim/shim.cjs', '--no-sandbox'],
      env,
    });
    // The switch is for its launcher alone: neither the shim nor whoever reads the entry stumbles over it.
    const entry = [...shim.args, '--client', 'claude-code', '--server', 'a', '--', 'npx', '--no-sandbox'];
    const original = { command: 'npx', args: ['--no-sandbox'] };
    expect(readRoutedEntry({ command: shim.command, args: entry })).toMatchObject({
      client: 'claude-code',
      server: 'a',
      ...original,
    });
    expect(parseShimArguments(entry.slice(1))).toEqual({
      client: 'claude-code',
      server: 'a',
      original,
      secrets: new Map(),
    });
  });

  test('macOS: the Helper app, as Electron’s own fork does', () => {
    const helper =
      '/Applications/Patchbay.app/Contents/Frameworks/Patchbay Helper.app/Contents/MacOS/Patchbay Helper';
    const runtime: DesktopRuntime = {
      ...linux,
      os: 'darwin',
      execPath: '/Applications/Patchbay.app/Contents/MacOS/Patchbay',
      helperExecPath: helper,
    };
    expect(shimCommand(runtime, args[0]!)).toEqual({ command: helper, args, env });
  });
});

describe('how the app is started without its window', () => {
  test('installed', () => {
    expect(launchCommand(linux, '/data')).toEqual({
      command: '/opt/Patchbay/patchbay',
      args: ['--hidden'],
      env: { PATCHBAY_HOME: '/data' },
    });
  });

  test('from its sources', () => {
    const runtime = { ...linux, packaged: false, appPath: '/src/patchbay' };
    expect(launchCommand(runtime, '/data').args).toEqual(['/src/patchbay', '--hidden']);
  });
});

test('the hub’s process gets both commands as JSON', () => {
  const command = { command: '/a', args: ['b c'], env: { X: '1' } };
  const text = JSON.stringify(command);
  expect(hubArguments({ shim: command, launch: command })).toEqual([
    '--shim-command',
    text,
    '--launch-command',
    text,
  ]);
});
