// @ts-check
// Packaging of the desktop app: `npm run package -- --linux dir`. Everything but the two native-ish packages is
// bundled, so the package holds dist/, assets/ and those.
const fs = require('node:fs');
const path = require('node:path');

const { version } = JSON.parse(fs.readFileSync(require.resolve('electron/package.json'), 'utf8'));

/** A folder with an unpacked Electron, instead of the download. */
const electronDist = process.env.ELECTRON_OVERRIDE_DIST_PATH;

/** The mark in every Electron binary after which the fuses lie; a stand-in used to test packaging has none. */
const FUSE_SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';

function hasFuses() {
  if (!electronDist) return true;
  const binaries = [
    'electron',
    'electron.exe',
    'Electron.app/Contents/Frameworks/Electron Framework.framework/Electron Framework',
  ];
  return binaries
    .map((name) => path.join(electronDist, name))
    .some((file) => fs.existsSync(file) && fs.readFileSync(file).includes(FUSE_SENTINEL));
}

/**
 * The shim is the app's binary run as Node, so that fuse stays on; what would turn it against the user is off.
 * Playwright needs the inspector, so the build that it tests keeps it.
 */
const electronFuses = {
  runAsNode: true,
  enableNodeOptionsEnvironmentVariable: false,
  enableNodeCliInspectArguments: process.env.PATCHBAY_E2E_BUILD === '1',
  onlyLoadAppFromAsar: true,
  enableEmbeddedAsarIntegrityValidation: true,
  grantFileProtocolExtraPrivileges: false,
  enableCookieEncryption: false,
};

/** @type {import('electron-builder').Configuration} */
module.exports = {
  appId: 'dev.patchbay.desktop',
  productName: 'Patchbay',
  copyright: 'MIT licensed, the Patchbay authors',
  directories: { buildResources: 'build', output: 'release' },
  electronVersion: version,
  ...(electronDist ? { electronDist } : {}),
  // The one native package comes with its binaries; without this, headers would be fetched to compile it again.
  npmRebuild: false,
  publish: null,
  files: [
    'dist/**',
    'assets/**',
    'package.json',
    '!**/node_modules/@photostructure/sqlite/{src,scripts,binding.gyp}',
    '!**/node_modules/@photostructure/sqlite/prebuilds/!(${platform}-${arch})/**',
    // Only needed to compile.
    '!**/node_modules/node-addon-api/**',
    '!**/*.{map,md,d.ts,d.mts,d.cts}',
  ],
  // Neither a library nor a program can be loaded from inside an archive.
  asarUnpack: ['**/*.node', '**/node_modules/ps-list/vendor/**'],
  ...(hasFuses() ? { electronFuses } : {}),
  mac: {
    category: 'public.app-category.developer-tools',
    icon: 'build/icons/icon.icns',
    target: [
      { target: 'dmg', arch: ['x64', 'arm64'] },
      // The updater takes the zip.
      { target: 'zip', arch: ['x64', 'arm64'] },
    ],
    minimumSystemVersion: '12.0',
    hardenedRuntime: true,
    entitlements: 'build/entitlements.mac.plist',
    entitlementsInherit: 'build/entitlements.mac.plist',
    // A menu bar app: the Dock shows it only while a window is open.
    extendInfo: { LSUIElement: true },
  },
  win: {
    icon: 'build/icons/icon.ico',
    target: [{ target: 'nsis', arch: ['x64', 'arm64'] }],
  },
  // Per user: that path survives updates, and entries of clients name it.
  nsis: { oneClick: true, perMachine: false },
  linux: {
    category: 'Development',
    synopsis: 'One local hub for every MCP server',
    maintainer: 'The Patchbay authors',
    icon: 'assets/icon',
    target: ['deb', 'rpm', 'AppImage'],
  },
};
