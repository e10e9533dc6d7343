import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureStrace } from '../support/ensure-strace.mjs';
import { buildChild } from './build-child.ts';
import type { Place } from './real-engine.ts';
import { bytesAt, expectSound, layOut, putOriginals, SCENES, type Scene } from './scenes.ts';
import {
  INJECTIONS,
  pathsTouched,
  systemCalls,
  withFault,
  type Injection,
  type SystemCall,
  type Tracer,
} from './strace.ts';

/** `npm run test:crash` tries every fault at every call; otherwise a sample, the same for the same seed. */
const IS_EXHAUSTIVE = process.env.PATCHBAY_EXHAUSTIVE === '1';
const SAMPLE = 6;
const SEED = Number(process.env.PATCHBAY_CRASH_SEED ?? 20_261_121);
/** Runs side by side, each in a folder of its own. */
const LANES = 2;

/** Where no process may be traced (a container without the right), these tests show as skipped, with the reason. */
const { strace, problem } = findWorkingStrace();
if (problem !== null) console.warn(`Skipped: ${problem}`);

let root: string;
let program: string;

beforeAll(async () => {
  root = mkdtempSync(path.join(realpathSync(os.tmpdir()), 'patchbay-crash-'));
  program = await buildChild(root);
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A folder in which one run after the other happens, always under the same paths. */
interface Lane {
  place: Place;
  /** How it looks before each run. Made in `place`, whose paths stand in backups and journal. */
  template: Place;
  tracer: Tracer;
  command: readonly string[];
}

const placeIn = (folder: string): Place => ({
  home: path.join(folder, 'home'),
  dataRoot: path.join(folder, 'data'),
});

async function laneFor(scene: Scene, folder: string): Promise<Lane> {
  mkdirSync(folder, { recursive: true });
  const place = placeIn(folder);
  const tools = { strace, log: path.join(folder, 'strace.log') };
  const command = [process.execPath, program, place.home, place.dataRoot, scene.client, scene.operation];
  putOriginals(place);
  await scene.prepare(place);
  const template = placeIn(path.join(folder, 'template'));
  layOut(place, template);
  const paths = await pathsTouched(tools, command, folder);
  return {
    place,
    template,
    tracer: { ...tools, paths: paths.filter((file) => file !== tools.log) },
    command,
  };
}

describe.skipIf(problem !== null)('A12 to A16, A29: a fault at every system call of', () => {
  it.each(SCENES)('$name', { timeout: IS_EXHAUSTIVE ? 3_600_000 : 300_000 }, async (scene) => {
    const folder = path.join(root, scene.name.replaceAll(/\W+/g, '-'));
    const lanes = await Promise.all(
      Array.from({ length: LANES }, (_, lane) => laneFor(scene, path.join(folder, String(lane)))),
    );
    const [first] = lanes as [Lane];
    layOut(first.template, first.place);
    const before = bytesAt(scene.target(first.place));
    const calls = await systemCalls(first.tracer, first.command);
    const after = bytesAt(scene.target(first.place));
    expect(after, 'the operation does something').not.toBe(before);
    expect(calls.length).toBeGreaterThan(20);

    const all = casesOf(calls);
    const chosen = IS_EXHAUSTIVE ? all : sample(all, SAMPLE);
    console.log(
      `${scene.name}: ${chosen.length} of ${all.length} faults at ${calls.length} system calls, seed ${SEED}`,
    );
    let hits = 0;
    await Promise.all(
      lanes.map(async ({ place, template, tracer, command }) => {
        for (let next = chosen.pop(); next; next = chosen.pop()) {
          const { call, injection } = next;
          const label = `${injection} at ${call.line} (seed ${SEED})`;
          layOut(template, place);
          const { code, output, isHit } = await withFault(tracer, command, call, injection);
          hits += isHit ? 1 : 0;
          // Done all the same, or refused in words.
          if (injection !== 'SIGKILL') expect([0, 3], `${label}\n${output}`).toContain(code);
          await expectSound(scene, place, [before, after], label);
        }
      }),
    );
    // Timers and the order of threads may shift a few calls; a harness that hits nothing would prove nothing.
    expect(hits).toBeGreaterThan((IS_EXHAUSTIVE ? all.length : Math.min(SAMPLE, all.length)) * 0.9);
  });
});

/** Throws where every fault was asked for: a run that tries none must not look like one that passed. */
function findWorkingStrace(): { strace: string; problem: string | null } {
  try {
    return { strace: ensureStrace(), problem: null };
  } catch (error) {
    if (IS_EXHAUSTIVE) throw error;
    return { strace: '', problem: (error as Error).message };
  }
}

interface Case {
  call: SystemCall;
  injection: Injection;
}

function casesOf(calls: readonly SystemCall[]): Case[] {
  return calls.flatMap((call) =>
    INJECTIONS.filter((injection) => injection !== 'short-write' || call.name.includes('write')).map(
      (injection) => ({
        call,
        injection,
      }),
    ),
  );
}

function sample(cases: readonly Case[], size: number): Case[] {
  if (cases.length <= size) return [...cases];
  const [chosen] = fc.sample(fc.shuffledSubarray([...cases], { minLength: size, maxLength: size }), {
    seed: SEED,
    numRuns: 1,
  });
  return chosen!;
}
