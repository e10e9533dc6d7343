// @ts-check
// `npm test`: everything, on a machine that has nothing but Node and what `npm ci` brought. One runner after the
// other, because tests that measure must not compete for two cores.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { ensureChromium } from '../test/support/ensure-chromium.mjs';
import { root, run } from './run.mjs';

const reports = path.join(root, 'test', 'output', 'reports');
/** @typedef {{passed: number, failed: number, skipped: number}} Counts */
/** @type {string[]} */
const failures = [];

/** @type {{name: string, kind: 'vitest' | 'playwright', program: string, args: string[]}[]} */
const steps = [
  { name: 'check', kind: 'vitest', program: 'node', args: ['build/check.mjs'] },
  ...['process', 'process-alone', 'crash', 'model', 'conformance', 'clients'].map((project) => ({
    name: project,
    kind: /** @type {const} */ ('vitest'),
    program: 'vitest',
    args: ['run', '-c', 'build/vitest.config.ts', '--project', project],
  })),
  ...[
    ['ui', 'test/ui', 'screens'],
    ['ui-alone', 'test/ui', 'freezes'],
    ['e2e', 'test/e2e'],
  ].map(([name = '', folder = '', project]) => ({
    name,
    kind: /** @type {const} */ ('playwright'),
    program: 'playwright',
    args: ['test', '-c', folder, ...(project ? ['--project', project] : [])],
  })),
];

const started = Date.now();
rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });
const chromium = ensureChromium();
const build = await run('node', ['build/build.mjs']);
if (build.code !== 0) finish([['build', { passed: 0, failed: 1, skipped: 0 }]]);

/** @type {[string, Counts][]} */
const results = [];
for (const { name, kind, program, args } of steps) {
  process.stdout.write(`\n=== ${name}\n`);
  const report = path.join(reports, `${name}.json`);
  const reporters = kind === 'playwright' ? ['--reporter=list,json'] : vitestReporters(report);
  const { code } = await run(program, name === 'check' ? args : [...args, ...reporters], {
    env: {
      CHROMIUM_PATH: chromium,
      PATCHBAY_TEST_REPORT: report,
      PLAYWRIGHT_JSON_OUTPUT_FILE: report,
    },
  });
  const counts = kind === 'vitest' ? readVitest(report) : readPlaywright(report);
  // Lint, types, a crashed runner: a failure that no test stands for still counts as one.
  if (code !== 0 && counts.failed === 0) counts.failed = 1;
  failures.push(...namedFailures(name, report));
  results.push([name, counts]);
}
finish(results);

/** @param {string} report */
function vitestReporters(report) {
  return ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
}

/**
 * @param {string} file
 * @returns {Counts}
 */
function readVitest(file) {
  const { numPassedTests = 0, numFailedTests = 0, numPendingTests = 0, numTodoTests = 0 } = readReport(file);
  return { passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests + numTodoTests };
}

/**
 * @param {string} file
 * @returns {Counts}
 */
function readPlaywright(file) {
  const { expected = 0, flaky = 0, unexpected = 0, skipped = 0 } = readReport(file).stats ?? {};
  return { passed: expected + flaky, failed: unexpected, skipped };
}

/**
 * What failed, by name and first line: the end of a log of thousands of lines must say it.
 *
 * @param {string} step
 * @param {string} file
 * @returns {string[]}
 */
function namedFailures(step, file) {
  const { testResults = [], suites = [] } = readReport(file);
  /** @type {{file: string, name: string, message: string}[]} */
  const found = [];
  for (const { name: where, assertionResults = [], status, message } of testResults) {
    const failed = assertionResults.filter((/** @type {any} */ test) => test.status === 'failed');
    for (const test of failed)
      found.push({ file: where, name: test.fullName, message: test.failureMessages?.[0] ?? '' });
    if (status === 'failed' && failed.length === 0) found.push({ file: where, name: 'file', message });
  }
  const visit = (/** @type {any} */ suite) => {
    for (const inner of suite.suites ?? []) visit(inner);
    for (const spec of suite.specs ?? [])
      if (!spec.ok)
        found.push({
          file: spec.file,
          name: spec.title,
          message: spec.tests[0]?.results.at(-1)?.error?.message ?? '',
        });
  };
  suites.forEach(visit);
  return found.map(({ file, name, message }) => {
    const short = file.startsWith(root) ? path.relative(root, file) : file;
    return `  ${step}: ${short}: ${name}\n    ${String(message).split('\n').slice(0, 3).join('\n    ')}\n`;
  });
}

/** @param {string} file */
function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return {};
  }
}

/** @param {[string, Counts][]} all @returns {never} */
function finish(all) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  process.stdout.write('\n');
  for (const [name, { passed, failed, skipped }] of all) {
    const state = failed === 0 ? 'ok    ' : 'FAILED';
    process.stdout.write(
      `${state} ${name.padEnd(13)} ${passed} passed, ${failed} failed, ${skipped} skipped;\n`,
    );
    total.passed += passed;
    total.failed += failed;
    total.skipped += skipped;
  }
  for (const failure of failures.slice(0, 30)) process.stdout.write(failure);
  process.stdout.write(`done in ${((Date.now() - started) / 1000).toFixed(0)} s\n\n`);
  process.stdout.write(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`);
  process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);
}
