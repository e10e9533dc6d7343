import fc from 'fast-check';
import { expect, it } from 'vitest';
import { STEPS } from './commands.ts';
import { World } from './world.ts';

/** `npm run test:model` walks 10,000 ways; otherwise some seconds of them, the same for the same seed. */
const IS_EXHAUSTIVE = process.env.PATCHBAY_EXHAUSTIVE === '1';
const RUNS = IS_EXHAUSTIVE ? 10_000 : 250;
const SEED = Number(process.env.PATCHBAY_MODEL_SEED ?? 20_261_121);

it(
  'A15 to A32: whatever happens in whatever order, nothing of anybody is lost and all of ours can be taken out',
  { timeout: IS_EXHAUSTIVE ? 3_600_000 : 120_000 },
  async () => {
    let ways = 0;
    await fc.assert(
      fc.asyncProperty(fc.commands(STEPS, { maxCommands: 12 }), async (steps) => {
        const world = new World();
        await fc.asyncModelRun(() => ({ model: world, real: world }), steps);
        await world.expectRemovable();
        await world.expectSettled();
        ways += 1;
      }),
      { numRuns: RUNS, seed: SEED, ...(IS_EXHAUSTIVE && { interruptAfterTimeLimit: 3_000_000 }) },
    );
    console.log(`${ways} ways walked, seed ${SEED}`);
    expect(ways).toBeGreaterThanOrEqual(RUNS);
  },
);
