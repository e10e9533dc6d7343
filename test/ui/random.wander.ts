import type { Page } from 'playwright/test';
import { echoTimes, withSession } from './echo-session.ts';
import { collectErrors, expect, goTo, test } from './patchbay-test.ts';

/** Each seed is one way; a way that failed is walked again with `PATCHBAY_SEEDS=7 npm run test:wander`. */
const SEEDS = (process.env.PATCHBAY_SEEDS ?? '1,2,3,4,5,6').split(',').map(Number);
const SECONDS = Number(process.env.PATCHBAY_SECONDS ?? 60);

const KEYS =
  'Tab Tab Tab Shift+Tab Enter Enter Space Escape ArrowDown ArrowUp ArrowLeft ArrowRight Home End PageUp PageDown Delete Backspace Control+k Shift+e Shift+r j k g t l s c u e r n p b o d x f h m 1 2 , ? /'.split(
    ' ',
  );
const WORDS =
  'status:error tool:echo latency server:echo " ( <b> since:1h until: duration:>1 is:bookmarked roll -'.split(
    ' ',
  );
const PLACES =
  'traffic latency servers clients setup settings latency?tab=alerts servers?view=sharing traffic?filter=status%3Aerror servers?server=echo&view=settings servers?server=echo&view=tools servers?server=none clients?config='.split(
    ' ',
  );
const TARGETS = [
  'button',
  'a',
  'input',
  'summary',
  '[role=option]',
  '[role=menuitem]',
  '[role=row]',
  '[role=tab]',
]
  .map((selector) => `${selector}:visible`)
  .join(', ');

/** Numbers below a limit, the same for the same seed (a linear congruential generator). */
function diceOf(seed: number): (limit: number) => number {
  let state = seed * 7919 + 1;
  return (limit) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor(state / 65_536) % limit;
  };
}

/** One step of somebody who does not look; what it did, in words. */
async function step(ui: Page, dice: (limit: number) => number): Promise<string> {
  const of = <T>(things: readonly T[]): T => things[dice(things.length)]!;
  const what = dice(100);
  if (what < 60) {
    const key = of(KEYS);
    await ui.keyboard.press(key);
    return `key ${key}`;
  }
  if (what < 66) {
    const word = of(WORDS);
    await ui.keyboard.type(word);
    return `type ${word}`;
  }
  if (what < 94) {
    const targets = ui.locator(TARGETS);
    const target = targets.nth(dice(Math.max(1, await targets.count())));
    const name = await target.innerText({ timeout: 500 }).catch(() => '');
    // It may be gone, or under a dialog, by now.
    await target.click({ timeout: 500 }).catch(() => {});
    return `click ${name.replaceAll(/\s+/g, ' ').slice(0, 40)}`;
  }
  if (what < 98) {
    const place = of(PLACES);
    await goTo(ui, `#/${place}`);
    return `go ${place}`;
  }
  await ui.reload();
  return 'reload';
}

for (const seed of SEEDS) {
  test(`nothing that hands can do leaves the window blank or failed, seed ${seed}`, async ({
    home,
    configs,
    ui,
  }) => {
    expect(configs.claudeCode).toContain(home.root);
    const dice = diceOf(seed);
    const walked: string[] = [];
    const errors = collectErrors(ui);
    await withSession(home, async (client) => {
      await echoTimes(client, 8);
      for (let call = 0; call < 3; call += 1) await client.callTool('fail');
      const end = Date.now() + SECONDS * 1_000;
      while (Date.now() < end) {
        walked.push(await step(ui, dice));
        const way = `seed ${seed}, its last steps:\n${walked.slice(-40).join('\n')}`;
        // A part that fails is told to the console, in whatever language the window is by now.
        expect(errors, way).toEqual([]);
        await expect(ui.locator('#root > *'), way).not.toHaveCount(0);
      }
    });
  });
}
