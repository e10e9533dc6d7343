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

/**
 * Where installed copies look for new versions: a folder on any web server, to which the artifacts and the latest*.yml
 * beside them are uploaded. A build without it cannot update itself, and says so. Never plain http, but on this machine:
 * on Linux the address is all that vouches for what it names.
 * @returns {import('electron-builder').Configuration['publish']}
 */
function publishConfig() {
  const address = process.env.PATCHBAY_UPDATE_URL;
  if (!address) return null;
  const { protocol, hostname } = new URL(address);
  if (protocol !== 'https:' && hostname !== '127.0.0.1')
    throw new Error(`PATCHBAY_UPDATE_URL is ${address}; it has to begin with https.`);
  return [{ provider: 'generic', url: address }];
}

/** The project's page, which deb and rpm name; a repository's own builds know theirs. */
const homepage =
  process.env.PATCHBAY_HOMEPAGE ??
  (process.env.GITHUB_REPOSITORY
    ? `${process.env.GITHUB_SERVER_URL ?? 'https://github.com'}/${process.env.GITHUB_REPOSITORY}`
    : undefined);

/** macOS: without a certificate there is nothing to notarise. */
const isSigned = Boolean(process.env.CSC_LINK);

/**
 * The command line of the installed app, outside the archive because a system starts it.
 * @param {string} name
 */
const launcher = (name) => [{ from: 'build/bin', to: 'bin', filter: [name] }];

/**
 * Of the native package's binaries, those of one system. electron-builder's own `${platform}` is the one that builds.
 * @param {string} platform
 */
const onlyBinariesOf = (platform) => [
  // A list that only leaves out would begin with everything there is.
  'package.json',
  `!**/node_modules/@photostructure/sqlite/prebuilds/!(${platform}-\${arch})/**`,
];

/** @type {import('electron-builder').Configuration} */
module.exports = {
  appId: 'dev.patchbay.desktop',
  productName: 'Patchbay',
  copyright: 'MIT licensed, the Patchbay authors',
  directories: { buildResources: 'build', output: process.env.PATCHBAY_PACKAGE_OUTPUT ?? 'release' },
  artifactName: '${name}-${version}-${os}-${arch}.${ext}',
  ...(homepage ? { extraMetadata: { homepage } } : {}),
  electronVersion: version,
  ...(electronDist ? { electronDist } : {}),
  // Those of the UI: a page learns the system's language only if Chromium has texts in it. All 50 would be a fifth of
  // the download.
  electronLanguages: ['en-US', 'de'],
  // The one native package comes with its binaries; without this, headers would be fetched to compile it again.
  npmRebuild: false,
  publish: publishConfig(),
  files: [
    'dist/**',
    // Windows takes .ico, macOS the templates; the SVGs are what these were made from.
    'assets/icon/256x256.png',
    'assets/tray/*.{png,ico}',
    'package.json',
    '!**/node_modules/@photostructure/sqlite/{src,scripts,binding.gyp}',
    // Only needed to compile.
    '!**/node_modules/node-addon-api/**',
    '!**/*.{map,md,d.ts,d.mts,d.cts}',
  ],
  asar: true,
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
    // Without a certificate: signed ad hoc, which Apple silicon needs to start anything at all.
    ...(isSigned ? { notarize: true } : { identity: '-', notarize: false }),
    // A menu bar app: the Dock shows it only while a window is open.
    extendInfo: { LSUIElement: true },
    files: onlyBinariesOf('darwin'),
    extraResources: launcher('patchbay'),
  },
  dmg: {
    title: '${productName} ${version}',
    // From the image it can neither be updated nor named in entries that last.
    contents: [
      { x: 150, y: 200 },
      { x: 390, y: 200, type: 'link', path: '/Applications' },
    ],
  },
  win: {
    icon: 'build/icons/icon.ico',
    target: [{ target: 'nsis', arch: ['x64', 'arm64'] }],
    files: onlyBinariesOf('win32'),
    extraResources: launcher('patchbay.cmd'),
  },
  // Per user: that path survives updates, and entries of clients name it.
  nsis: {
    oneClick: true,
    perMachine: false,
    include: 'build/installer.nsh',
    // Catalog, history and backups are the person's; `patchbay uninstall` removes them.
    deleteAppDataOnUninstall: false,
  },
  linux: {
    category: 'Development',
    synopsis: 'One local hub for every MCP server',
    description:
      'Routes the MCP servers of your AI clients through one local hub, shows their traffic, and takes it back.',
    maintainer: 'The Patchbay authors',
    vendor: 'The Patchbay authors',
    icon: 'assets/icon',
    target: ['deb', 'rpm', 'AppImage'],
    files: onlyBinariesOf('linux'),
    extraResources: launcher('patchbay'),
    desktop: { entry: { Keywords: 'MCP;AI;Claude;proxy;', StartupWMClass: 'patchbay' } },
  },
  ...Object.fromEntries(
    ['deb', 'rpm'].map((kind) => [
      kind,
      {
        afterInstall: 'build/linux/after-install.sh',
        afterRemove: 'build/linux/after-remove.sh',
        fpm: [`--before-remove=${path.join(__dirname, 'linux', 'before-remove.sh')}`],
      },
    ]),
  ),
};
