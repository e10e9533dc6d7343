import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { rolldown } from 'rolldown';
import { afterAll } from 'vitest';

const root = path.resolve(import.meta.dirname, '..', '..', '..');

/**
 * Bundles sources of the project (paths from its root, or whole) as the build does. The output lies inside node_modules, so that packages which are
 * not bundled are found from there; it is removed after the file's tests.
 */
export function bundler(): (source: string) => Promise<string> {
  const cache = path.join(root, 'node_modules', '.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(path.join(cache, 'patchbay-traffic-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return async (source) => {
    const file = path.join(folder, `${path.basename(source, '.ts')}.mjs`);
    const bundle = await rolldown({
      input: path.resolve(root, source),
      platform: 'node',
      external: [/^node:/, '@photostructure/sqlite'],
    });
    await bundle.write({ file, format: 'es', codeSplitting: false });
    await bundle.close();
    return file;
  };
}
