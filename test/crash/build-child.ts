import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

/** Bundles the writing child as the product is bundled, and gives its path: plain Node reads no TypeScript. */
export async function buildChild(folder: string): Promise<string> {
  const program = path.join(folder, 'writing-child.mjs');
  const bundle = await rolldown({
    input: fileURLToPath(new URL('./writing-child.ts', import.meta.url)),
    platform: 'node',
    external: /^node:/,
    // jsonc-parser's main file is UMD, which no bundler can follow.
    resolve: { mainFields: ['module', 'main'] },
    logLevel: 'silent',
  });
  await bundle.write({ file: program, format: 'esm', codeSplitting: false });
  await bundle.close();
  return program;
}
