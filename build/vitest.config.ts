import path from 'node:path';
import { defineConfig } from 'vitest/config';

const root = path.resolve(import.meta.dirname, '..');

const project = (name: string, timeoutMs: number, parallel: boolean, folder = name) => ({
  define: { __PATCHBAY_VERSION__: JSON.stringify('0.0.0-test') },
  root,
  test: {
    name,
    include: [`test/${folder}/**/*.test.ts`],
    testTimeout: timeoutMs,
    hookTimeout: timeoutMs,
    fileParallelism: parallel,
    // The default of 1 s is a few starts of the command line on a busy machine; a poll that succeeds ends at once.
    expect: { poll: { timeout: 10_000 } },
  },
});

/** Of `test/process`: what measures, or takes from the machine what others would need. */
const ALONE = ['faults/{children,hub}-*', 'traffic/*', 'chaos/*'].map(
  (files) => `test/process/${files}.test.ts`,
);

const exhaustive = (base: ReturnType<typeof project>) => ({
  ...base,
  test: { ...base.test, env: { PATCHBAY_EXHAUSTIVE: '1' } },
});

const without = (base: ReturnType<typeof project>, files: string[]) => ({
  ...base,
  test: { ...base.test, exclude: files },
});

const only = (base: ReturnType<typeof project>, files: string[]) => ({
  ...base,
  // After the others, when both are run at once.
  test: { ...base.test, include: files, sequence: { groupOrder: 1 } },
});

export default defineConfig({
  test: {
    // As many as there are processors would be one less here, which is one on the smallest machines of CI.
    maxWorkers: 2,
    projects: [
      project('unit', 30_000, true),
      project('contract', 20_000, true),
      // Real processes and sockets. Most of the time is spent in waiting for them.
      without(project('process', 60_000, true), ALONE),
      // One file at a time, so that nothing else explains a slow answer.
      only(project('process-alone', 60_000, false), ALONE),
      project('clients', 120_000, true),
      // The MCP project's own suite, some seconds for each server and revision.
      project('conformance', 300_000, false),
      // Faults at the system calls of every writer, and ways through the migration: samples here, all of them below.
      project('crash', 300_000, false),
      project('model', 120_000, false),
      exhaustive(project('crash-all', 3_600_000, false, 'crash')),
      exhaustive(project('model-all', 3_600_000, false, 'model')),
      exhaustive(project('features-all', 300_000, false, 'process/mux')),
    ],
  },
});
