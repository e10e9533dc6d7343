import { runShim } from '../shim/run-shim.ts';

// The script's own path, not its real path behind links: the data folder is where the entry points to.
void runShim(process.argv[1]!, process.argv.slice(2));
