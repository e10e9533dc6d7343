// @ts-check
// The program behind `electron`: reads the command line as Electron does (switches, then the app's folder or main
// file, then the app's own arguments), makes `electron` resolvable, runs the app, and only then becomes ready.
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { host } from './host.mjs';

const [, , ...argv] = process.argv;
if (argv[0] === '-v' || argv[0] === '--version') {
  process.stdout.write(`v${host.version}-standin\n`);
  process.exit(0);
}
/** @type {string[]} */
const required = [];
let index = 0;
for (; index < argv.length && argv[index]?.startsWith('-'); index += 1) {
  if (argv[index] === '-r' || argv[index] === '--require') required.push(String(argv[(index += 1)]));
}
const mainFile = host.load(path.resolve(argv[index] ?? '.'), argv);
process.argv = [host.executable, ...argv];

await import('./register.mjs');
const { app } = await import('./electron.mjs');
for (const file of required) createRequire(mainFile)(file);
await import(pathToFileURL(mainFile).href);
app.standinStart();
