import { readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { Isolation } from '../../../shared/model/server.ts';
import type { Logger } from '../log.ts';
import type { Trial } from './judge-sharing.ts';

const Trials = z.record(z.string(), z.object({ before: Isolation, since: z.number() }));

/** Which servers are shared on trial, in `sharing-trials.json`. A broken file means none, said in the log. */
export interface TrialsFile {
  get(server: string): Trial | null;
  /** null ends the trial. */
  set(server: string, trial: Trial | null): Promise<void>;
}

export function openTrials(file: string, logger: Logger): TrialsFile {
  let trials = new Map<string, Trial>();
  try {
    trials = new Map(Object.entries(Trials.parse(JSON.parse(readFileSync(file, 'utf8')))));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
      logger.log('warn', 'sharing.trials-unreadable', { path: file, message: (error as Error).message });
  }
  return {
    get: (server) => trials.get(server) ?? null,
    async set(server, trial) {
      const next = new Map(trials);
      if (trial) next.set(server, trial);
      else next.delete(server);
      await writeFile(`${file}.new`, `${JSON.stringify(Object.fromEntries(next), null, 2)}\n`, {
        mode: 0o600,
      });
      await rename(`${file}.new`, file);
      trials = next;
    },
  };
}
