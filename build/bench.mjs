// @ts-check
// `npm run bench`: measures the built hub. The bench is TypeScript, which the oldest Node we support cannot run by
// itself, so it is bundled first.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';
import { ensureBuild } from './ensure-build.mjs';
import { root } from './run.mjs';

/** Modules of the test support find the project by their own place, which a bundle would move. */
const keepPlaces = {
  name: 'keep-places',
  /** @param {string} code @param {string} id */
  transform: (code, id) =>
    id.startsWith('\0') ? null : code.replaceAll('import.meta.dirname', JSON.stringify(path.dirname(id))),
};

await ensureBuild();
const folder = path.join(root, '.cache', 'bench');
mkdirSync(folder, { recursive: true });
const file = path.join(folder, 'harness.mjs');
const bundle = await rolldown({
  input: path.join(root, 'test', 'bench', 'run.ts'),
  platform: 'node',
  // Playwright and SQLite look for their own files beside themselves.
  external: [/^node:/, 'playwright', '@photostructure/sqlite'],
  plugins: [keepPlaces],
});
await bundle.write({ file, format: 'es', codeSplitting: false });
await bundle.close();

/** @type {{runBench(argv: string[]): Promise<number>}} */
const { runBench } = await import(pathToFileURL(file).href);
process.exit(await runBench(process.argv.slice(2)));
