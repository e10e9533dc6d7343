// @ts-check
// Makes `electron` resolve to the stand-in, for import and for require, in the whole process.
import Module, * as module from 'node:module';
import { fileURLToPath } from 'node:url';
import { disguise } from './host.mjs';

const url = new URL('./electron.mjs', import.meta.url).href;
const file = fileURLToPath(url);

// Import goes through the hook thread; Node 20 has no synchronous hooks that would serve require too.
module.register('./resolve-hook.mjs', import.meta.url, { data: { url } });
const loader = /** @type {{_resolveFilename(request: string, ...rest: unknown[]): string}} */ (
  /** @type {unknown} */ (Module)
);
const resolve = loader._resolveFilename;
loader._resolveFilename = function (request, ...rest) {
  return request === 'electron' ? file : resolve.call(this, request, ...rest);
};

disguise('browser');
