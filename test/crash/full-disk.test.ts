import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildChild } from './build-child.ts';
import type { Place } from './real-engine.ts';
import { bytesAt, expectSound, layOut, putOriginals, SCENES } from './scenes.ts';

let root: string;
let disk: string;
let program: string;
/** Where we may mount one, the disk really is full; elsewhere each file may grow to a limit only. */
let isMounted = false;

beforeAll(async () => {
  root = mkdtempSync(path.join(realpathSync(os.tmpdir()), 'patchbay-full-'));
  disk = path.join(root, 'disk');
  mkdirSync(disk);
  isMounted =
    process.platform === 'linux' &&
    process.getuid?.() === 0 &&
    spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=512k,mode=700', 'tmpfs', disk]).status === 0;
  program = await buildChild(root);
});

afterAll(() => {
  if (isMounted) spawnSync('umount', [disk]);
  rmSync(root, { recursive: true, force: true });
});

const placeIn = (folder: string): Place => ({
  home: path.join(folder, 'home'),
  dataRoot: path.join(folder, 'data'),
});

/** Leaves so many bytes free, in whole blocks. */
function fillUp(leave: number): string {
  const filler = path.join(disk, 'filler');
  const { bavail, bsize } = statfsSync(disk);
  writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - leave)));
  return filler;
}

describe('A13: a disk that is really full', () => {
  it.each(SCENES)('$name', { timeout: 300_000 }, async (scene) => {
    const place = placeIn(disk);
    const template = placeIn(path.join(root, 'template'));
    putOriginals(place);
    await scene.prepare(place);
    layOut(place, template);
    const before = bytesAt(scene.target(place));
    const run = (limit?: number) => {
      const command = [process.execPath, program, place.home, place.dataRoot, scene.client, scene.operation];
      const line = command.map((word) => `'${word}'`).join(' ');
      // In blocks of 512 bytes, as POSIX has it; the shell ignores the signal that comes with it.
      return limit === undefined
        ? spawnSync(command[0]!, command.slice(1), { encoding: 'utf8' })
        : spawnSync('sh', ['-c', `trap '' XFSZ; ulimit -f ${limit}; exec ${line}`], { encoding: 'utf8' });
    };
    expect(run()).toMatchObject({ status: 0 });
    const after = bytesAt(scene.target(place));

    const outcomes = new Set<number | null>();
    for (let step = 0; step < 14; step += 1) {
      layOut(template, place);
      const filler = isMounted ? fillUp(step * 4_096) : null;
      const { status, stdout, stderr } = run(filler === null ? step : undefined);
      if (filler !== null) rmSync(filler);
      const label = `${step} blocks left`;
      expect([0, 3], `${label}\n${stdout}${stderr}`).toContain(status);
      if (status === 3) expect(stdout, label).toMatch(/refused (DISK_FULL|CONFIG_NOT_WRITABLE)/);
      outcomes.add(status);
      await expectSound(scene, place, [before, after], label);
    }
    // From nothing left to plenty: both ends were really seen.
    expect(outcomes).toEqual(new Set([3, 0]));
  });
});
