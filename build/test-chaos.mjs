// @ts-check
// `npm run test:chaos [times]`: kill -9 of the hub under live sessions, 1,000 times unless told otherwise.
import { run } from './run.mjs';

const times = process.argv[2] ?? '1000';
const { code } = await run(
  'vitest',
  ['run', '-c', 'build/vitest.config.ts', '--project', 'process-alone', 'test/process/chaos'],
  { env: { PATCHBAY_CHAOS: times } },
);
process.exit(code);
