import { runHubProcess } from '../hub/hub-process.ts';

declare const __PATCHBAY_VERSION__: string;

void runHubProcess(import.meta.url, process.argv.slice(2), __PATCHBAY_VERSION__);
