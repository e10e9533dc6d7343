import type { ClientId } from '../../../shared/model/client.ts';
import { useResource } from '../../lib/hub-context.tsx';
import { navigate } from '../../lib/route.ts';
import { messages } from '../../messages/messages.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { ParityCheck } from './parity-check.tsx';
import { ParitySummary } from './parity-summary.tsx';
import { ParityTable } from './parity-table.tsx';
import { useSetup } from './setup-store.ts';
import { StepFrame } from './step-frame.tsx';

const text = messages.setup.report;

/** Step 4: the proof that nothing was lost, server by server. */
export function ReportStep({ clients }: { clients: ClientId[] }) {
  const { result } = useSetup();
  if (!result) return <ReportAfterReload clients={clients} />;
  const isUndone = result.state === 'rolled-back' || result.state === 'partly-rolled-back';
  return (
    <StepFrame
      heading={text.heading}
      lead={text.lead}
      actions={
        <Button variant="primary" onClick={() => navigate({ screen: 'setup', step: 'done', clients })}>
          {text.next}
        </Button>
      }
    >
      {isUndone && (
        <Notice tone="danger">
          <p className="font-medium">{text.rolledBack}</p>
          {result.notes.map((note, index) => (
            <p key={index}>
              <SafeText text={note} />
            </p>
          ))}
        </Notice>
      )}
      {result.state === 'failed' && <Notice tone="danger">{text.failed}</Notice>}
      <ParitySummary rows={result.parity} />
      <ParityTable rows={result.parity} />
    </StepFrame>
  );
}

/** The tab was reloaded before the report came: what the hub's history says, and the comparison made once more. */
function ReportAfterReload({ clients }: { clients: ClientId[] }) {
  const { data: history } = useResource('history');
  const last = history?.toSorted((a, b) => b.at.localeCompare(a.at))[0];
  const isApplied = last?.state === 'applied';
  return (
    <StepFrame
      heading={text.heading}
      lead={isApplied ? text.again : text.missingResult}
      actions={
        <Button variant="primary" onClick={() => navigate({ screen: 'clients' })}>
          {messages.setup.found.toClients}
        </Button>
      }
    >
      {last && !isApplied && <Notice tone="info">{text.outcome(messages.clients.state[last.state])}</Notice>}
      {isApplied && <ParityCheck clients={clients} />}
    </StepFrame>
  );
}
