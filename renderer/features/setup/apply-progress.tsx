import { Circle, CircleCheck, CircleX, LoaderCircle } from 'lucide-react';
import type { ClientId } from '../../../shared/model/client.ts';
import type { StepReport } from '../../../shared/model/migration.ts';
import { messages } from '../../messages/messages.ts';
import { classNames } from '../../ui/class-names.ts';
import { Notice } from '../../ui/notice.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { groupSteps, type StepGroup, yourTurn } from './group-steps.ts';

const text = messages.setup.apply;

interface ApplyProgressProps {
  /** Those that will have their turn, as far as is known. */
  clients: readonly ClientId[];
  reports: readonly StepReport[];
}

/** Every client with its steps, one after the other, and the whole log below. */
export function ApplyProgress({ clients, reports }: ApplyProgressProps) {
  const request = yourTurn(reports);
  return (
    <>
      {request !== null && (
        <Notice tone="warn">
          <p className="font-medium">{text.yourTurn}</p>
          <p>
            <SafeText text={request} />
          </p>
        </Notice>
      )}
      {groupSteps(clients, reports).map((group) => (
        <Group key={group.client ?? ''} group={group} />
      ))}
      {reports.length > 0 && <Log reports={reports} />}
    </>
  );
}

function Group({ group }: { group: StepGroup }) {
  const name = group.client === null ? text.forAll : (messages.client[group.client] ?? group.client);
  return (
    <section aria-label={name}>
      <h3 className="mb-1 font-semibold">{name}</h3>
      <ol className="flex flex-col gap-1 rounded-lg border border-line bg-surface px-3.5 py-2.5">
        {group.steps.map(({ step, report }) => (
          <Step key={step} step={step} report={report} />
        ))}
      </ol>
    </section>
  );
}

const LOOKS = {
  waiting: { Icon: Circle, ink: 'text-faint' },
  started: { Icon: LoaderCircle, ink: 'animate-spin text-accent' },
  finished: { Icon: CircleCheck, ink: 'text-good' },
  failed: { Icon: CircleX, ink: 'text-danger' },
} as const;

function Step({ step, report }: StepGroup['steps'][number]) {
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
