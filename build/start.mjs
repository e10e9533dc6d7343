// @ts-check
// npm start | npm run serve | npm run demo: builds what is missing, then becomes the command line itself, so that
// Ctrl-C and exit codes are the program's own.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuild } from './ensure-build.mjs';
import { root } from './run.mjs';

const [first, ...rest] = process.argv.slice(2);
const args =
  first === '--headless'
    ? ['serve', ...rest]
    : first === 'demo'
      ? ['demo', ...rest]
      : ['desktop', ...process.argv.slice(2)];

await ensureBuild();
const cli = path.join(root, 'dist', 'cli.mjs');
process.argv = [process.execPath, cli, ...args];
await import(pathToFileURL(cli).href);
