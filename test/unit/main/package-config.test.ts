import { createRequire } from 'node:module';
import { afterEach, expect, test, vi } from 'vitest';

const require = createRequire(import.meta.url);

interface PackageConfig {
  electronFuses?: Record<string, boolean>;
  asar: boolean;
  asarUnpack: string[];
  publish: { provider: string; url: string }[] | null;
  mac: { target: { target: string }[]; extendInfo: object };
  win: { target: { target: string }[] };
  nsis: object;
  linux: { target: string[] };
  deb: { fpm: string[] };
  rpm: { fpm: string[] };
}

/** The configuration as it is under these variables. */
function configWith(env: Record<string, string> = {}): PackageConfig {
  for (const name of ['ELECTRON_OVERRIDE_DIST_PATH', 'PATCHBAY_E2E_BUILD', 'PATCHBAY_UPDATE_URL'])
    vi.stubEnv(name, env[name] ?? '');
  const file = require.resolve('../../../build/electron-builder.cjs');
  delete require.cache[file];
  return require(file) as PackageConfig;
}
afterEach(() => vi.unstubAllEnvs());

test('the fuses: the binary may run as Node, which the shim needs, and is closed to everything else', () => {
  expect(configWith().electronFuses).toEqual({
    runAsNode: true,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    onlyLoadAppFromAsar: true,
    enableEmbeddedAsarIntegrityValidation: true,
    grantFileProtocolExtraPrivileges: false,
    enableCookieEncryption: false,
  });
  expect(configWith().asar).toBe(true);
});

test('only the build that Playwright drives keeps the inspector', () => {
  expect(configWith({ PATCHBAY_E2E_BUILD: '1' }).electronFuses).toMatchObject({
    enableNodeCliInspectArguments: true,
    runAsNode: true,
  });
});

test('updates come over https, from where the build was told, or from nowhere', () => {
  expect(configWith().publish).toBeNull();
  expect(configWith({ PATCHBAY_UPDATE_URL: 'https://updates.example/patchbay' }).publish).toEqual([
    { provider: 'generic', url: 'https://updates.example/patchbay' },
  ]);
  expect(() => configWith({ PATCHBAY_UPDATE_URL: 'http://updates.example/' })).toThrow('https');
  expect(() => configWith({ PATCHBAY_UPDATE_URL: 'ftp://127.0.0.2/' })).toThrow('https');
});

test('every system has its installers, a Mac the archive beside the image that updates take', () => {
  const { mac, win, linux, deb, rpm, nsis } = configWith();
  expect(mac.target.map(({ target }) => target)).toEqual(['dmg', 'zip']);
  expect(win.target.map(({ target }) => target)).toEqual(['nsis']);
  expect(linux.target).toEqual(['deb', 'rpm', 'AppImage']);
  // What puts the configs back before the files go.
  expect(nsis).toMatchObject({ include: 'build/installer.nsh', perMachine: false });
  for (const { fpm } of [deb, rpm]) expect(fpm).toEqual([expect.stringMatching(/^--before-remove=.*\.sh$/)]);
});
