import { Check } from 'lucide-react';
import { ClientId } from '../../../shared/model/client.ts';
import { SETUP_STEPS, type SetupStep } from '../../lib/route.ts';
import { messages } from '../../messages/messages.ts';
import { classNames } from '../../ui/class-names.ts';
import { Screen } from '../../ui/screen.tsx';
import { ApplyStep } from './apply-step.tsx';
import { DoneStep } from './done-step.tsx';
import { FoundStep } from './found-step.tsx';
import { ReportStep } from './report-step.tsx';
import { ReviewStep } from './review-step.tsx';

const text = messages.setup;

interface SetupScreenProps {
  step: SetupStep;
  /** Client ids from the address; unknown ones are left out. */
  chosen: readonly string[];
}

/** The wizard: found, review, apply, check, done. Its place is in the address, so a reload comes back to it. */
export function SetupScreen({ step, chosen }: SetupScreenProps) {
  const clients = ClientId.options.filter((id) => chosen.includes(id));
  return (
    <Screen title={text.title} controls={<Steps current={step} />}>
      <div
        role="region"
        aria-label={text.steps[step]}
        tabIndex={0}
        className="h-full overflow-y-auto bg-canvas -outline-offset-2"
      >
        <div className="mx-auto flex max-w-4xl flex-col gap-4 px-4 py-6">
          <CurrentStep step={step} clients={clients} />
        </div>
      </div>
    </Screen>
  );
}

function CurrentStep({ step, clients }: { step: SetupStep; clients: ClientId[] }) {
  switch (step) {
    case 'found':
      return <FoundStep preselected={clients} />;
    case 'review':
      return <ReviewStep clients={clients} />;
    case 'apply':
      return <ApplyStep clients={clients} />;
    case 'report':
      return <ReportStep clients={clients} />;
    case 'done':
      return <DoneStep />;
  }
}

function Steps({ current }: { current: SetupStep }) {
  const at = SETUP_STEPS.indexOf(current);
  return (
    <ol aria-label={text.stepsLabel} className="flex items-center gap-1 text-xs">
      {SETUP_STEPS.map((step, index) => (
        <li
          key={step}
          aria-current={step === current ? 'step' : undefined}
          className={classNames(
            'flex items-center gap-1.5',
            step === current ? 'font-medium text-ink' : 'text-muted',
          )}
        >
          {index > 0 && <span aria-hidden="true" className="mx-1 h-px w-4 bg-line-strong" />}
          <span
            aria-hidden="true"
            className={classNames(
              'grid size-[1.125rem] place-items-center rounded-full text-2xs',
              index < at && 'bg-accent-soft text-accent',
              index === at && 'bg-accent text-accent-ink',
              index > at && 'bg-sunken text-muted',
            )}
          >
            {index < at ? <Check className="size-3" /> : index + 1}
          </span>
          <span className={step === current ? '' : 'max-[820px]:sr-only'}>{text.steps[step]}</span>
        </li>
      ))}
    </ol>
  );
}
