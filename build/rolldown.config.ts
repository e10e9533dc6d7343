import { readFileSync } from 'node:fs';
import path from 'node:path';
import { defineConfig, type RolldownOptions } from 'rolldown';

const root = path.resolve(import.meta.dirname, '..');
const out = process.env.PATCHBAY_OUT ?? path.join(root, 'dist');
const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };

/** Loaded from node_modules at run time: native code, or files found through import.meta.url. */
const external = ['electron', '@photostructure/sqlite', 'ps-list', 'bufferutil', 'utf-8-validate'];

const shared = {
  external: [...external, /^node:/],
  platform: 'node',
  // jsonc-parser's `main` is a UMD file whose inner requires no bundler can follow.
  resolve: { mainFields: ['module', 'main'] },
  transform: { define: { __PATCHBAY_VERSION__: JSON.stringify(version) } },
} satisfies RolldownOptions;

/** What has to be one file: the shim is copied, a worker and a preload script are loaded by name. */
const oneFile = (source: string, file: string, format: 'es' | 'cjs', minify = false): RolldownOptions => ({
  ...shared,
  input: path.join(root, source),
  output: { file: path.join(out, file), format, codeSplitting: false, minify },
});

/** Both hosts of the hub. What few hubs ever need (logins at remote servers, metrics, REST) is a file of its own. */
const hubs: RolldownOptions = {
  ...shared,
  input: {
    cli: path.join(root, 'electron/entries/cli.ts'),
    hub: path.join(root, 'electron/entries/hub-process.ts'),
  },
  output: {
    dir: out,
    format: 'es',
    entryFileNames: '[name].mjs',
    chunkFileNames: 'chunks/[name].mjs',
    banner: ({ name, isEntry }) => (isEntry && name === 'cli' ? '#!/usr/bin/env node' : ''),
  },
};

export default defineConfig([
  hubs,
  oneFile('electron/entries/traffic-worker.ts', 'traffic-worker.mjs', 'es'),
  oneFile('electron/entries/main.ts', 'main.mjs', 'es'),
  // Every client starts one for every server: what it does not have to read is start time.
  oneFile('electron/entries/shim.ts', 'shim.cjs', 'cjs', true),
  oneFile('electron/preload/preload.ts', 'preload.cjs', 'cjs'),
]);
