// @ts-check
// Makes dist/: the Node programs (rolldown) and the UI (vite).
import { renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { root, run } from './run.mjs';

const started = Date.now();
// Built beside and moved into place: a hub that runs from dist/ never meets half a build.
const fresh = path.join(root, `dist.${process.pid}`);
const options = { quiet: true, env: { PATCHBAY_OUT: fresh } };
const results = await Promise.all([
  run('rolldown', ['-c', 'build/rolldown.config.ts'], options),
  run('vite', ['build', '-c', 'build/vite.config.ts', '--logLevel', 'warn'], options),
]);
for (const result of results) if (result.code !== 0) process.stderr.write(result.output);
if (results.some((result) => result.code !== 0)) {
  rmSync(fresh, { recursive: true, force: true });
  process.exit(1);
}
rmSync(path.join(root, 'dist'), { recursive: true, force: true });
renameSync(fresh, path.join(root, 'dist'));
process.stderr.write(`built dist/ in ${((Date.now() - started) / 1000).toFixed(1)} s\n`);
