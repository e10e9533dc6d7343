// @ts-check
// Fuzzes the frame readers: node test/fuzz/run.mjs [seconds] [corpus folder]. What it finds of interest goes to the
// given folder (a temporary one when there is none), never into the seed corpus: copy what deserves to stay.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { rolldown } from 'rolldown';

const here = import.meta.dirname;
const seconds = Number(process.argv[2] ?? 60);
const work = mkdtempSync(path.join(os.tmpdir(), 'patchbay-fuzz-'));
const found = path.resolve(process.argv[3] ?? path.join(work, 'found'));
mkdirSync(found, { recursive: true });

// Jazzer.js instruments plain JavaScript as it is required; the sources are TypeScript.
const target = path.join(work, 'frames.fuzz.cjs');
const bundle = await rolldown({
  input: path.join(here, 'frames.fuzz.ts'),
  platform: 'node',
  external: [/^node:/],
});
await bundle.write({ file: target, format: 'cjs' });
await bundle.close();

const jazzer = createRequire(import.meta.url).resolve('@jazzer.js/core/dist/cli.js');
const options = [target, found, path.join(here, 'corpus', 'frames'), '--sync', '-i', work];
const limits = [`-max_total_time=${seconds}`, '-max_len=4096', '-timeout=5', `-artifact_prefix=${work}/`];
const child = spawn(process.execPath, [jazzer, ...options, '--', ...limits], { stdio: 'inherit' });
child.on('exit', (code, signal) => {
  process.stderr.write(`fuzzing ended (${signal ?? code}); the work folder is ${work}\n`);
  process.exitCode = code ?? 1;
});
