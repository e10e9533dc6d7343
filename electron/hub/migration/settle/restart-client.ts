import type { ClientAdapter } from '../../clients/client-adapter.ts';
import type { Engine } from '../engine.ts';
import { findRunning } from '../running-clients.ts';
import type { ProcessControl, ProcessImage } from './process-control.ts';
import { quitRecipe, startRecipe } from './restart-recipes.ts';

/** Bounds in milliseconds. */
export interface RestartTiming {
  /** For a program to go that was told to. */
  quitMs: number;
  /** For a person to do it. */
  askMs: number;
  /** For a client that was started to come to the hub. */
  arrivalMs: number;
}

export const DEFAULT_RESTART_TIMING: RestartTiming = { quitMs: 20_000, askMs: 180_000, arrivalMs: 45_000 };

const POLL_MS = 250;

export interface Restarter {
  engine: Engine;
  control: ProcessControl;
  timing: RestartTiming;
  /** Words for the person, at once. */
  tell(words: string): void;
}

/** Programs that were stopped; `stays` says why one that was asked to go is still there. */
export interface Stopped {
  images: ProcessImage[];
  stays: string | null;
}

/**
 * Stops every running process of a client, each by pid and start time. Nothing is ever forced: what does not go within
 * its time stays, and so does the client's config.
 */
export async function stopClient(restarter: Restarter, adapter: ClientAdapter): Promise<Stopped> {
  const { engine, control, timing, tell } = restarter;
  const images = await imagesOf(restarter, adapter);
  let patienceMs = timing.quitMs;
  for (const image of images) {
    const recipe = quitRecipe(engine.platform.os, adapter.name, image);
    if (recipe.way === 'signal') control.terminate(image);
    else if (recipe.way === 'run') await control.run(recipe.command, recipe.args).catch(() => {});
    else {
      tell(recipe.words);
      patienceMs = timing.askMs;
    }
  }
  for (let waited = 0; waited < patienceMs && images.some(control.isAlive); waited += POLL_MS) {
    await engine.storage.sleep(POLL_MS);
  }
  const left = images.filter(control.isAlive);
  const gone = images.filter((image) => !left.includes(image));
  if (left.length > 0) {
    const pids = left.map(({ pid }) => pid).join(', ');
    return { images: gone, stays: `${adapter.name} did not quit in time (pid ${pids}).` };
  }
  const others = (await findRunning(engine)).of(adapter.id);
  const stays = others.length > 0 ? `${adapter.name} was started again by somebody else.` : null;
  return { images: gone, stays };
}

/** Starts again what was stopped, as it ran. Returns why it could not, in words. */
export async function startClient(
  { engine, control }: Restarter,
  { name }: ClientAdapter,
  images: readonly ProcessImage[],
): Promise<string | null> {
  for (const image of images) {
    const start = startRecipe(engine.platform.os, image);
    if (!start) return `How ${name} was started is not known: please start it again.`;
    try {
      await control.start(start);
    } catch (error) {
      engine.logger.log('warn', 'migration.client-not-started', { message: (error as Error).message });
      return `${name} could not be started again: please start it.`;
    }
  }
  return null;
}

async function imagesOf({ engine, control }: Restarter, adapter: ClientAdapter): Promise<ProcessImage[]> {
  // One snapshot for both questions: start times of two may differ by a rounding.
  const facts = await engine.listProcesses();
  const running = await findRunning({ ...engine, listProcesses: () => Promise.resolve(facts) });
  const pids = new Set(running.of(adapter.id).map(({ pid }) => pid));
  return await Promise.all(facts.filter(({ pid }) => pids.has(pid)).map((found) => control.image(found)));
}
