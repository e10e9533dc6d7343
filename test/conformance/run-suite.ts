import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { projectRoot, runProgram } from '../support/cli.ts';
import type { TemporaryHome } from '../support/temporary-home.ts';

/** Revisions whose scenarios the suite has frozen. */
export type Requirements = '2025-11-25' | '2026-07-28';

/** How a check ended, by `<scenario> <check>`. A check that ran several times has its worst end. */
export type Checks = ReadonlyMap<string, CheckEnd>;

export interface CheckEnd {
  status: 'SUCCESS' | 'FAILURE' | 'WARNING' | 'SKIPPED' | 'INFO';
  why: string;
}

interface Check {
  id: string;
  status: CheckEnd['status'];
  description: string;
  errorMessage?: string;
}

const SUITE_MS = 300_000;
/** For one scenario of many that run at the same time, each with a client process of its own. */
const SCENARIO_MS = 120_000;
const WORST_FIRST: readonly CheckEnd['status'][] = ['FAILURE', 'WARNING', 'SUCCESS', 'SKIPPED', 'INFO'];
/** Result folders are `[server-]<scenario>-<time>`. */
const RESULT_FOLDER = /^(?:server-)?(.+)-\d{4}-\d\d-\d\dT[\d-]+Z$/;
/** Extensions that are neither scored nor offered: tasks, and logins of programs that no person attends. */
const NOT_OURS = /^(tasks-|auth\/(client-credentials|enterprise-managed|dpop|wif-))/;

/** False for a scenario that counts neither for nor against us. */
export const isOurs = (scenario: string): boolean => !NOT_OURS.test(scenario);

const shim = path.join(projectRoot, 'test', 'conformance', 'glob-shim.mjs');
const suite = path.join(
  projectRoot,
  'node_modules',
  '@modelcontextprotocol',
  'conformance',
  'dist',
  'index.js',
);

/**
 * Runs the MCP project's conformance suite with a requirement set and reads what it found. Throws when it has not run
 * to its end; failing checks are a result.
 */
export async function runSuite(
  home: TemporaryHome,
  requirements: Requirements,
  args: readonly ['server' | 'client', ...string[]],
  env: Readonly<Record<string, string>> = {},
): Promise<Checks> {
  const output = mkdtempSync(path.join(home.temp, 'conformance-'));
  const all = ['--import', shim, suite, ...args, '--requirements', requirements, '-o', output];
  all.push('--timeout', String(SCENARIO_MS));
  const { code, stdout, stderr } = await runProgram(process.execPath, all, {
    cwd: home.project,
    env: { ...home.env, ...env },
    timeoutMs: SUITE_MS,
  });
  const checks = readResults(output);
  rmSync(output, { recursive: true, force: true });
  if (code > 1 || checks.size === 0)
    throw new Error(`The suite ended with code ${code}:\n${stdout}${stderr}`);
  return checks;
}

function readResults(output: string): Checks {
  const ends = new Map<string, CheckEnd>();
  for (const file of readdirSync(output, { recursive: true, encoding: 'utf8' })) {
    if (path.basename(file) !== 'checks.json') continue;
    const scenario = RESULT_FOLDER.exec(path.dirname(file).replaceAll('\\', '/'))?.[1];
    if (!scenario || !isOurs(scenario)) continue;
    for (const check of JSON.parse(readFileSync(path.join(output, file), 'utf8')) as Check[]) {
      const key = `${scenario} ${check.id}`;
      const known = ends.get(key);
      if (known && WORST_FIRST.indexOf(known.status) <= WORST_FIRST.indexOf(check.status)) continue;
      ends.set(key, { status: check.status, why: check.errorMessage ?? check.description });
    }
  }
  return ends;
}

/** Checks that ended badly, with the reason. */
export function failures(checks: Checks): Record<string, string> {
  return Object.fromEntries(
    [...checks]
      .filter(([, { status }]) => /FAILURE|WARNING/.test(status))
      .map(([key, { why }]) => [key, why]),
  );
}

/** Checks that passed in `direct` and not in `through`, with what became of them. */
export function lost(direct: Checks, through: Checks): Record<string, string> {
  const missing: Record<string, string> = {};
  for (const [key, { status }] of direct) {
    const other = through.get(key);
    // INFO: another way that is as good, such as an answer in JSON where the other was an event stream.
    if (status === 'SUCCESS' && other?.status !== 'SUCCESS' && other?.status !== 'INFO')
      missing[key] = other ? `${other.status} ${other.why}` : 'not checked';
  }
  return missing;
}
