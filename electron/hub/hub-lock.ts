import { linkSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { z } from 'zod';
import type { HostKind } from '../../shared/model/hub.ts';
import type { DataFolder } from './data-folder.ts';
import { isSameProcessAlive, processStartMark } from './process-identity.ts';

/** What a hub tells the world about itself, in `run/hub.json`. */
export const HubFacts = z.object({
  pid: z.number().int(),
  mark: z.string().nullable(),
  startedAt: z.number(),
  host: z.enum(['desktop', 'headless']) satisfies z.ZodType<HostKind>,
  /** Started by a shim or a command, not by a person: it may be asked to make room. */
  background: z.boolean(),
  port: z.number().int(),
  url: z.string(),
  socket: z.string(),
  version: z.string(),
});
export type HubFacts = z.infer<typeof HubFacts>;

/** The facts of a hub that answers on its socket; null when there is none, whatever files lie about. */
export async function findLiveHub(data: DataFolder, socket: string): Promise<HubFacts | null> {
  if (!(await isHubListening(socket))) return null;
  try {
    return HubFacts.parse(JSON.parse(readFileSync(data.hubFacts, 'utf8')));
  } catch {
    return null;
  }
}

/** A hub is proven by its live socket, not by a file (D03). */
export function isHubListening(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(socket);
    const done = (result: boolean): void => {
      probe.destroy();
      resolve(result);
    };
    probe.setTimeout(1_000, () => done(false));
    probe.once('connect', () => done(true));
    probe.once('error', () => done(false));
  });
}

export interface HubLock {
  release(): void;
}

const LockOwner = z.object({ pid: z.number().int(), mark: z.string().nullable() });

/**
 * Claims the data folder for this process; null when another live process holds it. A lock whose owner is gone is
 * taken over: pid and start mark are compared, never a file time (A19).
 */
export function claimHub(data: DataFolder): HubLock | null {
  const mine = `${data.hubLock}.${process.pid}`;
  writeFileSync(mine, JSON.stringify({ pid: process.pid, mark: processStartMark(process.pid) }), {
    mode: 0o600,
  });
  try {
    for (let attempt = 0; attempt < 3; attempt += 1) {
      try {
        // link() fails when the name exists, and what appears under it is complete.
        linkSync(mine, data.hubLock);
        return { release: () => releaseIfMine(data.hubLock) };
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const owner = readOwner(data.hubLock);
      if (owner && owner.pid !== process.pid && isSameProcessAlive(owner.pid, owner.mark)) return null;
      rmSync(data.hubLock, { force: true });
    }
    return null;
  } finally {
    rmSync(mine, { force: true });
  }
}

function readOwner(file: string): z.infer<typeof LockOwner> | null {
  try {
    return LockOwner.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}

function releaseIfMine(file: string): void {
  if (readOwner(file)?.pid !== process.pid) return;
  try {
    unlinkSync(file);
  } catch {
    // Somebody cleaned up already.
  }
}
