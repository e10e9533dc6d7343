import type { HistoryItem } from '../../../shared/model/migration.ts';
import { useHubQuery, useResource } from '../../lib/hub-context.tsx';
import { navigate, type SetupRoute } from '../../lib/route.ts';
import { messages } from '../../messages/messages.ts';
import { ErrorNotice, Notice } from '../../ui/notice.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import { ParityCheck } from './parity-check.tsx';
import { ReportView } from './report-view.tsx';
import { StepFrame } from './step-frame.tsx';

const text = messages.setup.report;

/** Step 5: the proof that nothing was lost, server by server, as the hub has saved it. */
export function ReportStep({ place }: { place: SetupRoute }) {
  const { data: history, error } = useResource('history');
  const item = place.migration
    ? history?.find(({ id }) => id === place.migration)
    : history?.find(({ state }) => state !== 'applying');
  const next = {
    label: text.next,
    run: () => navigate({ ...place, step: 'done', ...(item && { migration: item.id }) }),
  };
  if (!history) {
    return (
      <StepFrame heading={text.heading} lead={text.lead}>
        {error ? <ErrorNotice error={error} /> : <Spinner label={text.loading} />}
      </StepFrame>
    );
  }
  if (!item) return <StepFrame heading={text.heading} lead={messages.setup.done.none} next={next} />;
  const isUndone = item.state === 'rolled-back' || item.state === 'partly-rolled-back';
  return (
    <StepFrame
      heading={isUndone ? text.headingUndone : text.heading}
      lead={isUndone ? text.leadUndone : text.lead}
      next={next}
    >
      {item.report ? <SavedReportOf id={item.id} /> : <WithoutReport item={item} />}
    </StepFrame>
  );
}

function SavedReportOf({ id }: { id: string }) {
  const report = useHubQuery(id, (hub, signal) => hub.migration.report({ id }, { signal }));
  return (
    <>
      {report.isLoading && <Spinner label={text.loading} />}
      {report.error && <ErrorNotice error={report.error} />}
      {report.data && <ReportView report={report.data} />}
    </>
  );
}

/** A crash ended the migration before it could be proven: the hub has settled it since, one way or the other. */
function WithoutReport({ item: { state, clients } }: { item: HistoryItem }) {
  const isApplied = state === 'applied';
  return (
    <>
      <Notice tone={isApplied ? 'info' : 'warn'}>
        <p>{isApplied ? text.again : text.interrupted}</p>
        <p className="font-medium">{text.outcome(messages.clients.state[state])}</p>
      </Notice>
      {isApplied && <ParityCheck clients={clients} />}
    </>
  );
}
