import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCommand } from '../cli/run-command.ts';
import { resourcesIn } from '../hub/host.ts';

declare const __PATCHBAY_VERSION__: string;

// A closed pipe (`patchbay logs | head`) is the reader's way to say enough.
process.stdout.on('error', () => process.exit(0));

const dist = path.dirname(fileURLToPath(import.meta.url));
process.exitCode = await runCommand(process.argv.slice(2), resourcesIn(dist), __PATCHBAY_VERSION__);
