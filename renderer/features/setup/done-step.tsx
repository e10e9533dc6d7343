import { useState } from 'react';
import { formatRoute, navigate } from '../../lib/route.ts';
import { messages } from '../../messages/messages.ts';
import { Button } from '../../ui/button.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { RollbackDialog } from '../clients/rollback-dialog.tsx';
import { useSetup } from './setup-store.ts';
import { StepFrame } from './step-frame.tsx';

const text = messages.setup.done;

/** Step 5: what to do now, where the kept copies are, and the way back. */
export function DoneStep() {
  const { result } = useSetup();
  const [isRollingBack, setRollingBack] = useState(false);
  if (!result) {
    return (
      <StepFrame
        heading={text.heading}
        lead={messages.setup.report.missingResult}
        actions={
          <Button onClick={() => navigate({ screen: 'clients' })}>{messages.setup.found.toClients}</Button>
        }
      >
        {null}
      </StepFrame>
    );
  }
  const isApplied = result.state === 'applied';
  return (
    <StepFrame
      heading={isApplied ? text.heading : text.headingRolledBack}
      lead={isApplied ? text.lead : text.leadRolledBack}
      actions={
        <>
          {isApplied && <Button onClick={() => setRollingBack(true)}>{text.rollBack}</Button>}
          <Button
            variant="primary"
            onClick={() => navigate({ screen: 'traffic', filter: '', exchange: null })}
          >
            {text.traffic}
          </Button>
        </>
      }
    >
      <section aria-label={text.now} className="rounded-lg border border-line bg-surface px-3.5 py-3">
        <h3 className="mb-1 font-semibold">{text.now}</h3>
        {result.notes.length === 0 ? (
          <p>{text.nothingNow}</p>
        ) : (
          <ul className="flex list-disc flex-col gap-1 pl-4 text-hostile">
            {result.notes.map((note, index) => (
              <li key={index}>
                <SafeText text={note} />
              </li>
            ))}
          </ul>
        )}
      </section>
      {result.files.length > 0 && (
        <section aria-label={text.backups} className="rounded-lg border border-line bg-surface px-3.5 py-3">
          <h3 className="font-semibold">{text.backups}</h3>
          <p className="mb-1.5 text-xs text-muted">{text.backupsHint}</p>
          <ul className="flex flex-col gap-1 font-mono text-2xs text-hostile">
            {result.files.map((file) => (
              <li key={file.path}>
                <SafeText text={file.backup} />
              </li>
            ))}
          </ul>
        </section>
      )}
      <a
        href={formatRoute({ screen: 'clients' })}
        className="w-fit rounded-sm text-accent underline-offset-2 hover:underline"
      >
        {messages.setup.found.toClients}
      </a>
      <RollbackDialog
        target={isRollingBack ? { kind: 'migration', migration: result.id } : null}
        onClose={() => setRollingBack(false)}
      />
    </StepFrame>
  );
}
