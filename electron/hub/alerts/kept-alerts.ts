import { z } from 'zod';
import { toErrorInfo } from '../../../shared/model/error.ts';
import { Alert, AlertRule } from '../../../shared/model/alert.ts';
import { openListFile } from '../list-file.ts';
import type { Logger } from '../log.ts';

/** Resolved ones that are kept for whoever asks what happened. */
export const MAX_RESOLVED = 100;
/** A rule for every server, and servers without end, must not fill the memory. */
export const MAX_ACTIVE = 1_000;
/** Names of servers have no bound of their own. */
const MAX_BYTES = 16 * 1024 * 1024;

/** An alert, and what it takes to go on with it after a restart. */
export const KeptAlert = z.object({
  alert: Alert,
  /** As it was when the alert began: another one says nothing of this alert. */
  rule: AlertRule,
  /** When it was last seen to hold, in epoch milliseconds. */
  seenAt: z.number(),
});
export type KeptAlert = z.infer<typeof KeptAlert>;

/** The alerts of the run before, and the place to keep those of this one. */
export interface KeptAlerts {
  /** Active ones in no order, resolved ones newest first. */
  before: readonly KeptAlert[];
  /** Writes when something is other than it was; what was measured last alone is not worth it. */
  keep(alerts: readonly KeptAlert[]): void;
  /** Writes figures and times as they are now, and waits until all is on disk. */
  finish(alerts: readonly KeptAlert[]): Promise<void>;
}

/** Alerts in a file of the data folder. What cannot be written is said in the log and tried again at the next look. */
export function openKeptAlerts(file: string, logger: Logger): KeptAlerts {
  const list = openListFile({
    file,
    member: 'alerts',
    item: KeptAlert,
    max: MAX_ACTIVE + MAX_RESOLVED,
    maxBytes: MAX_BYTES,
    logger,
  });
  const before = list.items();
  let written = essenceOf(before);
  let writing: Promise<void> = Promise.resolve();

  const write = (alerts: readonly KeptAlert[]): void => {
    // As it is at this moment: alerts go on changing while others are written.
    const snapshot = structuredClone(alerts) as KeptAlert[];
    const essence = essenceOf(snapshot);
    written = essence;
    writing = list
      .change(() => snapshot)
      .catch((error: unknown) => {
        if (written === essence) written = '';
        logger.log('error', 'alerts.not-written', { path: file, message: toErrorInfo(error).message });
      });
  };
  return {
    before,
    keep(alerts) {
      if (essenceOf(alerts) !== written) write(alerts);
    },
    async finish(alerts) {
      if (alerts.some(({ alert }) => alert.state !== 'resolved') || essenceOf(alerts) !== written)
        write(alerts);
      await writing;
    },
  };
}

/**
 * What must outlive the hub even when it is killed. A pending alert is as old as somebody has been looking, so each look
 * counts; one that fires stays what it is.
 */
function essenceOf(alerts: readonly KeptAlert[]): string {
  return JSON.stringify(
    alerts.map(({ alert, rule, seenAt }) => [
      { ...alert, value: null },
      rule,
      alert.state === 'pending' ? seenAt : null,
    ]),
  );
}
