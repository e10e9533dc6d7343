import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { TemporaryHome } from '../../support/temporary-home.ts';

/** What busy-hub says of itself every 20 ms. */
export interface Report {
  calls: number;
  dropped: number;
  storeError: string | null;
  storeWarning: string | null;
}

export interface BusyHub {
  child: ChildProcessByStdio<null, Readable, Readable>;
  /** Reads on until a report satisfies; fails with the program's errors when it ends before. */
  reportWhere(isWanted: (report: Report) => boolean): Promise<Report>;
}

const children: BusyHub['child'][] = [];

/** Starts busy-hub, or a program that starts it. */
export function run(home: TemporaryHome, command: string, args: string[]): BusyHub {
  const child = spawn(command, args, { env: home.env, stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    child,
    async reportWhere(isWanted) {
      for (;;) {
        const { done, value } = await lines.next();
        if (done) throw new Error(`the program ended: ${errors}`);
        const report = JSON.parse(value) as Report;
        if (isWanted(report)) return report;
      }
    },
  };
}

/** A report that nothing is lost any more: 20 in a row without a new loss and without an error. */
export function recovered({ reportWhere }: BusyHub): Promise<Report> {
  let good = 0;
  let dropped = -1;
  return reportWhere((report) => {
    good = report.storeError === null && report.dropped === dropped ? good + 1 : 0;
    dropped = report.dropped;
    return good === 20;
  });
}

export async function kill(child: BusyHub['child']): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

export async function endBusyHubs(): Promise<void> {
  for (const child of children.splice(0)) await kill(child);
}
