// @ts-check
// Everything a change must pass before review, in under a minute: `npm run check`.
import { run } from './run.mjs';

// `npm test` wants the counts of the tests as well.
const report = process.env.PATCHBAY_TEST_REPORT;
const reporters = report ? ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`] : [];

/** @type {[string, string, string[]][]} */
const steps = [
  ['types', 'node', ['build/typecheck.mjs']],
  ['lint', 'oxlint', ['--type-aware', '--deny-warnings']],
  ['format', 'prettier', ['--check', '--log-level', 'warn', '.']],
  ['unused code', 'knip', []],
  ['lock file', 'node', ['build/check-lockfile.mjs']],
  [
    'tests',
    'vitest',
    ['run', '-c', 'build/vitest.config.ts', '--project', 'unit', '--project', 'contract', ...reporters],
  ],
];

/** @param {[string, string, string[]]} step */
async function take([name, program, args]) {
  const started = Date.now();
  const { code, output } = await run(program, args, { quiet: true });
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  process.stdout.write(`${code === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)\n`);
  if (code !== 0 || name === 'tests') process.stdout.write(output);
  return code === 0;
}

/** @param {typeof steps} lane */
async function takeAll(lane) {
  let isFine = true;
  for (const step of lane) isFine = (await take(step)) && isFine;
  return isFine;
}

// Two lanes for two cores: the tests take about as long as all the rest.
const lanes = await Promise.all([takeAll(steps.slice(0, -1)), takeAll(steps.slice(-1))]);
process.exit(lanes.every(Boolean) ? 0 : 1);
