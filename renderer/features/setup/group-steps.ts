import type { ClientId } from '../../../shared/model/client.ts';
import type { StepReport } from '../../../shared/model/migration.ts';

/** One client's steps, each with its latest report; `client` is null for what is done once for all. */
export interface StepGroup {
  client: ClientId | null;
  steps: { step: StepReport['step']; report: StepReport | undefined }[];
}

const TURN = ['baseline', 'write', 'witness'] as const;

/** Sorts reports under the clients they are about. The way back is only there when it was taken. */
export function groupSteps(clients: readonly ClientId[], reports: readonly StepReport[]): StepGroup[] {
  const seen = reports.flatMap(({ client }) => client ?? []);
  // In the order of their turns, which the hub decides.
  const turns = [...new Set([...seen, ...clients])];
  const latest = (step: StepReport['step'], client: ClientId | null): StepReport | undefined =>
    reports.findLast((report) => report.step === step && (report.client ?? null) === client);
  const own = turns.map((client): StepGroup => {
    const back = latest('rollback', client);
    const steps = TURN.map((step) => ({ step, report: latest(step, client) }));
    return { client, steps: back ? [...steps, { step: 'rollback', report: back }] : steps };
  });
  const shared: StepGroup = {
    client: null,
    steps: [
      { step: 'backup', report: latest('backup', null) },
      { step: 'done', report: latest('done', null) },
    ],
  };
  return [...own, shared];
}

/** What the hub waits for the person to do, such as to quit a program that nobody else can quit; else null. */
export function yourTurn(reports: readonly StepReport[]): string | null {
  const last = reports.at(-1);
  return last?.state === 'started' && last.detail.startsWith('Please ') ? last.detail : null;
}
