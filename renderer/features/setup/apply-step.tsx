import { useEffect } from 'react';
import { ClientId } from '../../../shared/model/client.ts';
import { navigate, type SetupRoute } from '../../lib/route.ts';
import { messages } from '../../messages/messages.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import { ApplyProgress } from './apply-progress.tsx';
import { standOf } from './migration-stand.ts';
import { stopMigration, useSetup } from './setup-store.ts';
import { StepFrame } from './step-frame.tsx';
import { useHubTruth } from './use-hub-truth.ts';

const text = messages.setup.apply;

/** Step 4: the migration as the hub carries it out. Goes on to the report by itself when there is one. */
export function ApplyStep({ place }: { place: SetupRoute }) {
  const { phase, error } = useSetup();
  const truth = useHubTruth();
  const stand = standOf({ since: place.since, phase, error }, truth);
  const migration = stand.kind === 'done' ? stand.migration : null;
  useEffect(() => {
    if (migration !== null) navigate({ ...place, step: 'report', migration }, { replace: true });
  }, [migration, place]);
  const clients = ClientId.options.filter((id) => place.clients.includes(id));
  const toReview = { label: text.toReview, run: () => navigate(reviewOf(place)) };

  switch (stand.kind) {
    case 'running': {
      const canStop = phase === 'asked' && stand.steps.every(({ step }) => step === 'baseline');
      return (
        <StepFrame
          heading={text.heading}
          lead={text.lead}
          extra={
            canStop ? (
              <>
                <span className="text-xs text-muted">{text.stopHint}</span>
                <Button onClick={stopMigration}>{text.stop}</Button>
              </>
            ) : (
              <span className="text-xs text-muted">{text.tooLateHint}</span>
            )
          }
        >
          <ApplyProgress clients={clients} reports={stand.steps} />
        </StepFrame>
      );
    }
    case 'failed':
      return (
        <StepFrame heading={text.failedHeading} lead={text.lead} next={toReview}>
          <ErrorNotice error={stand.error} />
          {stand.steps.length > 0 && <ApplyProgress clients={clients} reports={stand.steps} />}
        </StepFrame>
      );
    case 'stopped':
      return <StepFrame heading={text.failedHeading} lead={text.stoppedInTime} next={toReview} />;
    case 'none':
      return <StepFrame heading={text.heading} lead={text.notStarted} next={toReview} />;
    case 'elsewhere':
      return (
        <StepFrame heading={text.elsewhereHeading} lead={text.elsewhere}>
          <Spinner label={messages.common.loading} />
        </StepFrame>
      );
    case 'unknown':
    case 'done':
      return (
        <StepFrame heading={text.heading} lead={text.lead}>
          <Spinner label={text.unknown} />
        </StepFrame>
      );
  }
}

function reviewOf({ screen, clients, choices }: SetupRoute): SetupRoute {
  return { screen, step: 'review', clients, ...(choices && { choices }) };
}
