import { Check } from 'lucide-react';
import { SETUP_STEPS, type SetupRoute, type SetupStep } from '../../lib/route.ts';
import { messages } from '../../messages/messages.ts';
import { classNames } from '../../ui/class-names.ts';
import { Screen } from '../../ui/screen.tsx';
import { ApplyStep } from './apply-step.tsx';
import { ChooseStep } from './choose-step.tsx';
import { DoneStep } from './done-step.tsx';
import { FoundStep } from './found-step.tsx';
import { ReportStep } from './report-step.tsx';
import { ReviewStep } from './review-step.tsx';

const text = messages.setup;

/**
 * The wizard: found, choose, review, apply, check, done. Its place and every choice are in the address, and how a
 * migration stands is asked of the hub: a reload or a crash of either comes back to the right step.
 */
export function SetupScreen({ place }: { place: SetupRoute }) {
  return (
    <Screen title={text.title} controls={<Steps current={place.step} />}>
      <div
        key={place.step}
        role="region"
        aria-label={text.steps[place.step]}
        tabIndex={0}
        className="h-full overflow-y-auto bg-canvas -outline-offset-2"
      >
        <div className="mx-auto flex max-w-4xl flex-col gap-4 px-4 pt-6">
          <CurrentStep place={place} />
        </div>
      </div>
    </Screen>
  );
}

function CurrentStep({ place }: { place: SetupRoute }) {
  switch (place.step) {
    case 'found':
      return <FoundStep place={place} />;
    case 'choose':
      return <ChooseStep place={place} />;
    case 'review':
      return <ReviewStep place={place} />;
    case 'apply':
      return <ApplyStep place={place} />;
    case 'report':
      return <ReportStep place={place} />;
    case 'done':
      return <DoneStep place={place} />;
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
