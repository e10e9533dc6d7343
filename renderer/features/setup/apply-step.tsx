import { Circle, CircleCheck, CircleX, LoaderCircle } from 'lucide-react';
import { useEffect } from 'react';
import type { ClientId } from '../../../shared/model/client.ts';
import { useHubQuery } from '../../lib/hub-context.tsx';
import { navigate } from '../../lib/route.ts';
import { messages } from '../../messages/messages.ts';
import { Button } from '../../ui/button.tsx';
import { classNames } from '../../ui/class-names.ts';
import { ErrorNotice } from '../../ui/notice.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import { interruptedSince, type StepReport, useSetup } from './setup-store.ts';
import { StepFrame } from './step-frame.tsx';

const text = messages.setup.apply;
type MigrationStep = StepReport['step'];
const ALWAYS: readonly MigrationStep[] = ['baseline', 'backup', 'write', 'witness', 'done'];

/** Step 3: the migration as it happens. Goes on to the report by itself when there is one. */
export function ApplyStep({ clients }: { clients: ClientId[] }) {
  const { phase, reports, error } = useSetup();
  useEffect(() => {
    if (phase === 'finished') navigate({ screen: 'setup', step: 'report', clients }, { replace: true });
  }, [phase, clients]);

  if (phase === 'idle') return <NotRunning clients={clients} />;
  // The way back only exists when it was taken.
  const steps = reports.some(({ step }) => step === 'rollback')
    ? ALWAYS.toSpliced(-1, 0, 'rollback')
    : ALWAYS;
  return (
    <StepFrame
      heading={phase === 'failed' ? text.failedHeading : text.heading}
      lead={text.lead}
      actions={
        phase === 'failed' && (
          <Button variant="primary" onClick={() => navigate({ screen: 'setup', step: 'review', clients })}>
            {text.toReview}
          </Button>
        )
      }
    >
      {error && <ErrorNotice error={error} />}
      <ol className="flex flex-col gap-1 rounded-lg border border-line bg-surface px-3.5 py-2.5">
        {steps.map((step) => (
          <Step key={step} step={step} report={reports.findLast((report) => report.step === step)} />
        ))}
      </ol>
      {reports.length > 0 && <Log reports={reports} />}
    </StepFrame>
  );
}

const LOOKS = {
  waiting: { Icon: Circle, ink: 'text-faint' },
  started: { Icon: LoaderCircle, ink: 'animate-spin text-accent' },
  finished: { Icon: CircleCheck, ink: 'text-good' },
  failed: { Icon: CircleX, ink: 'text-danger' },
} as const;

function Step({ step, report }: { step: MigrationStep; report: StepReport | undefined }) {
  const state = report?.state ?? 'waiting';
  const { Icon, ink } = LOOKS[state];
  return (
    <li className="flex items-start gap-2.5 py-1" data-state={state}>
      <Icon aria-hidden="true" className={classNames('mt-0.5 size-4 shrink-0', ink)} />
      <div className="min-w-0">
        <p className={state === 'waiting' ? 'text-muted' : 'font-medium'}>
          {text.steps[step]}
          <span className="sr-only">{`: ${text.state[state]}`}</span>
        </p>
        {report && (
          <p className="text-xs text-muted text-hostile">
            <SafeText text={report.detail} />
          </p>
        )}
      </div>
    </li>
  );
}

function Log({ reports }: { reports: readonly StepReport[] }) {
  return (
    <details className="text-xs">
      <summary className="w-fit rounded-sm text-muted">{text.log}</summary>
      <ol
        role="log"
        aria-label={text.log}
        className="mt-1.5 flex flex-col gap-0.5 font-mono text-2xs text-hostile"
      >
        {reports.map((report, index) => (
          <li key={index}>
            <SafeText text={`${report.step} ${text.state[report.state]}: ${report.detail}`} />
          </li>
        ))}
      </ol>
    </details>
  );
}

function NotRunning({ clients }: { clients: ClientId[] }) {
  const startedAt = interruptedSince();
  if (startedAt !== null) return <Interrupted startedAt={startedAt} clients={clients} />;
  return (
    <StepFrame
      heading={text.heading}
      lead={text.notStarted}
      actions={
        <Button variant="primary" onClick={() => navigate({ screen: 'setup', step: 'review', clients })}>
          {text.toReview}
        </Button>
      }
    >
      {null}
    </StepFrame>
  );
}

/**
 * After a reload. A hub whose listener left goes on once it has begun to write, and stops before that; which of the
 * two it was is in its history.
 */
function Interrupted({ startedAt, clients }: { startedAt: number; clients: ClientId[] }) {
  const { data: history, error } = useHubQuery(
    'history',
    (client, signal) => client.migration.history(undefined, { signal }),
    { everyMs: 1_000 },
  );
  const run = history?.find(({ at }) => Date.parse(at) >= startedAt);
  const isOver = run !== undefined && run.state !== 'applying';
  useEffect(() => {
    if (isOver) navigate({ screen: 'setup', step: 'report', clients }, { replace: true });
  }, [isOver, clients]);
  if (history && !run) {
    return (
      <StepFrame
        heading={text.failedHeading}
        lead={text.stoppedInTime}
        actions={
          <Button variant="primary" onClick={() => navigate({ screen: 'setup', step: 'review', clients })}>
            {text.toReview}
          </Button>
        }
      >
        {null}
      </StepFrame>
    );
  }
  return (
    <StepFrame heading={text.interruptedHeading} lead={text.interrupted}>
      {error ? <ErrorNotice error={error} /> : <Spinner label={text.stillApplying} />}
    </StepFrame>
  );
}
