import { useHubClient, useHubQuery } from '../../lib/hub-context.tsx';
import { joinCommandLine } from '../../lib/command-line.ts';
import type { ClientId } from '../../../shared/model/client.ts';
import type { Plan } from '../../../shared/model/migration.ts';
import { navigate } from '../../lib/route.ts';
import { messages } from '../../messages/messages.ts';
import { Button } from '../../ui/button.tsx';
import { LongText } from '../../ui/long-text.tsx';
import { ErrorNotice, Notice } from '../../ui/notice.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import { PlanFileCard } from './plan-file-card.tsx';
import { applyMigration } from './setup-store.ts';
import { StepFrame } from './step-frame.tsx';

const text = messages.setup.review;

/** Step 2: the exact lines that would change, file by file. Nothing is written before the button is pressed. */
export function ReviewStep({ clients }: { clients: ClientId[] }) {
  const hub = useHubClient();
  const plan = useHubQuery(clients.join(' '), (client, signal) =>
    client.migration.plan(clients.length > 0 ? { clients } : {}, { signal }),
  );
  const files = plan.data?.files ?? [];
  const changing = files.filter((file) => !file.refusal && file.diff !== '');

  const apply = (): void => {
    if (hub === null) return;
    const expected = changing.map(({ path, sha256 }) => ({ path, sha256 }));
    void applyMigration(hub, { clients: [...new Set(changing.map((file) => file.client))], expected });
    navigate({ screen: 'setup', step: 'apply', clients });
  };

  return (
    <StepFrame
      heading={text.heading}
      lead={text.lead}
      actions={
        <>
          <Button onClick={() => navigate({ screen: 'setup', step: 'found', clients })}>
            {messages.common.back}
          </Button>
          {plan.error && <Button onClick={plan.reload}>{text.planAgain}</Button>}
          <Button variant="primary" disabled={changing.length === 0 || hub === null} onClick={apply}>
            {text.apply(changing.length)}
          </Button>
        </>
      }
    >
      {plan.isLoading && <Spinner label={text.planning} />}
      {plan.error && <ErrorNotice error={plan.error} />}
      {plan.data && changing.length === 0 && <Notice tone="info">{text.nothing}</Notice>}
      {files.map((file) => (
        <PlanFileCard key={`${file.path}\n${file.client}`} file={file} />
      ))}
      {plan.data && plan.data.servers.length > 0 && <PlannedServers servers={plan.data.servers} />}
    </StepFrame>
  );
}

function PlannedServers({ servers }: { servers: Plan['servers'] }) {
  return (
    <section aria-label={text.servers}>
      <h3 className="font-semibold">{text.servers}</h3>
      <p className="mb-1.5 text-xs text-muted">{text.serversHint}</p>
      <dl className="divide-y divide-line rounded-lg border border-line bg-surface text-xs">
        {servers.map((server) => (
          <div key={server.name} className="grid grid-cols-[10rem_minmax(0,1fr)] gap-3 px-3.5 py-1.5">
            <dt className="font-medium text-hostile">
              <SafeText text={server.name} />
            </dt>
            <dd className="font-mono text-2xs leading-[1.125rem] text-hostile whitespace-pre-wrap">
              <LongText text={joinCommandLine([server.command, ...server.args])} />
              {server.envNames.length > 0 && (
                <span className="block text-muted">
                  <SafeText text={server.envNames.join(', ')} />
                </span>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
