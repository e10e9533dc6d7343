// @ts-check
// One tsc run per layer: a DOM global in the hub or a Node global in the renderer does not compile.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { root, run } from './run.mjs';

const layers = readdirSync(path.join(root, 'build'))
  .map((name) => /^tsconfig\.(?!base)(\w+)\.json$/.exec(name)?.[1])
  .filter((layer) => layer !== undefined);
const results = await Promise.all(
  layers.map(async (layer) => ({
    layer,
    ...(await run('tsc', ['-p', `build/tsconfig.${layer}.json`], { quiet: true })),
  })),
);
for (const { layer, code, output } of results)
  if (code !== 0) process.stderr.write(`--- ${layer}\n${output}`);
process.exit(results.some((result) => result.code !== 0) ? 1 : 0);
