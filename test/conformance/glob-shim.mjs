// For `node --import`: lets the conformance suite load on Node 20, whose `fs` has no `globSync`. The suite imports the
// name at its start and calls it only for a command that we do not use.
import { register } from 'node:module';

/** Runs on the loader's thread, so it must not refer to anything outside itself. */
function hooks() {
  const SUITE = '/@modelcontextprotocol/conformance/dist/';
  const STAND_IN = 'patchbay-fs:';
  /** @type {{resolve: import('node:module').ResolveHook, load: import('node:module').LoadHook}} */
  const hooks = {
    resolve: (specifier, context, next) =>
      /^(node:)?fs$/.test(specifier) && context.parentURL?.includes(SUITE)
        ? { url: STAND_IN, shortCircuit: true }
        : next(specifier, context),
    load: (url, context, next) =>
      url === STAND_IN
        ? {
            format: 'module',
            shortCircuit: true,
            source: `export * from 'node:fs'; export { default } from 'node:fs';
              export const globSync = () => { throw new Error('globSync is missing in this version of Node'); };`,
          }
        : next(url, context),
  };
  return hooks;
}

register(
  `data:text/javascript,${encodeURIComponent(`export const { resolve, load } = (${hooks.toString()})();`)}`,
  import.meta.url,
);
