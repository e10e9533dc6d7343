import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot, runProgram, type Finished } from './cli.ts';
import { extractAsar } from './read-asar.ts';
import type { TemporaryHome } from './temporary-home.ts';

/** The app as `npm run package` puts it together, around something that stands in for Electron's binary. */
export interface PackedApp {
  /** Folder that would be /opt/Patchbay. */
  folder: string;
  /** Its program: the stand-in, or plain Node under ELECTRON_RUN_AS_NODE. */
  executable: string;
  resources: string;
  archive: string;
  output: string;
}

/**
 * Electron's binary as far as packing and starting need it. Node cannot read archives, so what is inside the archive is
 * looked for in a tree that was extracted from it.
 */
const binary = (): string => `#!/bin/sh
app=$(dirname "$(readlink -f "$0")")
archive=$app/resources/app.asar
if [ "\${ELECTRON_RUN_AS_NODE-}" = 1 ]; then
  script=$1
  shift
  case $script in "$archive"/*) script=$archive.tree\${script#"$archive"} ;; esac
  exec '${process.execPath}' "$script" "$@"
fi
exec '${path.join(projectRoot, 'test', 'standin', 'electron')}' "$archive.tree" "$@"
`;

/** An unpacked Electron with nothing in it, for ELECTRON_OVERRIDE_DIST_PATH. */
export function writeElectronDist(folder: string): void {
  mkdirSync(path.join(folder, 'locales'), { recursive: true });
  mkdirSync(path.join(folder, 'resources'), { recursive: true });
  for (const name of ['LICENSE', 'LICENSES.chromium.html', 'chrome-sandbox', 'resources.pak'])
    writeFileSync(path.join(folder, name), '');
  for (const locale of ['en-US', 'de']) writeFileSync(path.join(folder, 'locales', `${locale}.pak`), '');
  const { version } = JSON.parse(
    readFileSync(path.join(projectRoot, 'node_modules', 'electron', 'package.json'), 'utf8'),
  ) as { version: string };
  writeFileSync(path.join(folder, 'version'), version);
  writeFileSync(path.join(folder, 'electron'), binary());
  chmodSync(path.join(folder, 'electron'), 0o755);
}

/** Runs electron-builder as `npm run package -- <args>` does, with nothing fetched; `env` is added to its environment. */
export function runBuilder(
  home: TemporaryHome,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Finished> {
  const dist = path.join(home.root, 'electron-dist');
  writeElectronDist(dist);
  const cli = path.join(projectRoot, 'node_modules', 'electron-builder', 'cli.js');
  const config = path.join(projectRoot, 'build', 'electron-builder.cjs');
  return runProgram(process.execPath, [cli, '--config', config, ...args], {
    cwd: projectRoot,
    env: {
      ...home.env,
      ELECTRON_OVERRIDE_DIST_PATH: dist,
      PATCHBAY_PACKAGE_OUTPUT: path.join(home.root, 'release'),
      ...env,
    },
    timeoutMs: 120_000,
  });
}

/** Packs the built app for this Linux, without installers, and makes its archive readable for Node. */
export async function packApp(home: TemporaryHome): Promise<PackedApp> {
  const { code, stdout, stderr } = await runBuilder(home, ['--linux', 'dir', '--publish', 'never']);
  if (code !== 0) throw new Error(`electron-builder ended with ${code}:\n${stdout}${stderr}`);
  const suffix = process.arch === 'x64' ? '' : `-${process.arch}`;
  const folder = path.join(home.root, 'release', `linux${suffix}-unpacked`);
  const resources = path.join(folder, 'resources');
  const archive = path.join(resources, 'app.asar');
  extractAsar(archive, `${archive}.tree`);
  return { folder, executable: path.join(folder, 'patchbay'), resources, archive, output: stdout + stderr };
}
