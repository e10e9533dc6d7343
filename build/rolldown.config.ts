import { readFileSync } from 'node:fs';
import path from 'node:path';
import { defineConfig, type RolldownOptions } from 'rolldown';

const root = path.resolve(import.meta.dirname, '..');
const out = process.env.PATCHBAY_OUT ?? path.join(root, 'dist');
const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };

/** Loaded from node_modules at run time: native code, or files found through import.meta.url. */
const external = ['electron', '@photostructure/sqlite', 'ps-list', 'bufferutil', 'utf-8-validate'];

const entry = (source: string, file: string, format: 'es' | 'cjs'): RolldownOptions => ({
  input: path.join(root, source),
  external: [...external, /^node:/],
  platform: 'node',
  // jsonc-parser's `main` is a UMD file whose inner requires no bundler can follow.
  resolve: { mainFields: ['module', 'main'] },
  transform: { define: { __PATCHBAY_VERSION__: JSON.stringify(version) } },
  output: {
    file: path.join(out, file),
    format,
    codeSplitting: false,
    ...(file === 'cli.mjs' ? { banner: '#!/usr/bin/env node' } : {}),
  },
});

export default defineConfig([
  entry('electron/entries/cli.ts', 'cli.mjs', 'es'),
  entry('electron/entries/hub-process.ts', 'hub.mjs', 'es'),
  entry('electron/entries/traffic-worker.ts', 'traffic-worker.mjs', 'es'),
  entry('electron/entries/main.ts', 'main.mjs', 'es'),
  entry('electron/entries/shim.ts', 'shim.cjs', 'cjs'),
  entry('electron/preload/preload.ts', 'preload.cjs', 'cjs'),
]);
