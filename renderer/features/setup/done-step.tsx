import { useState } from 'react';
import type { MigrationState } from '../../../shared/model/migration.ts';
import { useHubQuery, useResource } from '../../lib/hub-context.tsx';
import { formatRoute, navigate, type SetupRoute } from '../../lib/route.ts';
import { messages } from '../../messages/messages.ts';
import { Button } from '../../ui/button.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import { RollbackDialog } from '../clients/rollback-dialog.tsx';
import { Notes } from './report-view.tsx';
import { StepFrame } from './step-frame.tsx';

const text = messages.setup.done;

const LEADS: Record<MigrationState, string> = {
  applying: messages.setup.apply.elsewhere,
  applied: text.lead,
  'partly-rolled-back': text.leadPartly,
  'rolled-back': text.leadRolledBack,
  failed: text.leadRolledBack,
};

/** Step 6: what to do now, where the kept copies are, and the way back. */
export function DoneStep({ place }: { place: SetupRoute }) {
  const { data: history } = useResource('history');
  const [isRollingBack, setRollingBack] = useState(false);
  const item = place.migration ? history?.find(({ id }) => id === place.migration) : history?.[0];
  const toTraffic = {
    label: text.traffic,
    run: () => navigate({ screen: 'traffic', filter: '', exchange: null }),
  };
  if (!history) {
    return (
      <StepFrame heading={text.heading} lead={messages.common.loading}>
        <Spinner label={messages.common.loading} />
      </StepFrame>
    );
  }
  if (!item) return <StepFrame heading={text.heading} lead={text.none} next={toTraffic} />;
  const isRouted = item.state === 'applied' || item.state === 'partly-rolled-back';
  return (
    <StepFrame
      heading={isRouted ? text.heading : text.headingRolledBack}
      lead={LEADS[item.state]}
      back={() => navigate({ ...place, step: 'report', migration: item.id })}
      extra={isRouted && <Button onClick={() => setRollingBack(true)}>{text.rollBack}</Button>}
      next={toTraffic}
    >
      {item.report && <WhatNow id={item.id} />}
      {item.files.length > 0 && (
        <section aria-label={text.backups} className="rounded-lg border border-line bg-surface px-3.5 py-3">
          <h3 className="font-semibold">{text.backups}</h3>
          <p className="mb-1.5 text-xs text-muted">{text.backupsHint}</p>
          <ul className="flex flex-col gap-1 font-mono text-2xs text-hostile">
            {item.files.map((file) => (
              <li key={file.path}>
                <SafeText text={file.backup} />
              </li>
            ))}
          </ul>
        </section>
      )}
      <a
        href={formatRoute({ screen: 'clients' })}
        className="w-fit rounded-sm pb-6 text-accent underline-offset-2 hover:underline"
      >
        {messages.setup.found.toClients}
      </a>
      <RollbackDialog
        target={isRollingBack ? { kind: 'migration', migration: item.id } : null}
        onClose={() => setRollingBack(false)}
      />
    </StepFrame>
  );
}

function WhatNow({ id }: { id: string }) {
  const { data } = useHubQuery(id, (hub, signal) => hub.migration.report({ id }, { signal }));
  if (!data || data.result.state !== 'applied') return null;
  return (
    <section aria-label={text.now} className="rounded-lg border border-line bg-surface px-3.5 py-3">
      <h3 className="mb-1 font-semibold">{text.now}</h3>
      {data.result.notes.length === 0 ? <p>{text.nothingNow}</p> : <Notes notes={data.result.notes} />}
    </section>
  );
}
