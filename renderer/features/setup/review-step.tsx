import { useState } from 'react';
import { joinCommandLine } from '../../lib/command-line.ts';
import type { ClientId } from '../../../shared/model/client.ts';
import type { Plan, PlanConsequences } from '../../../shared/model/migration.ts';
import { useHubClient, useHubQuery } from '../../lib/hub-context.tsx';
import { navigate, type SetupRoute } from '../../lib/route.ts';
import { DEFAULT_CHOICES, planOptionsOf } from '../../lib/setup-choices.ts';
import { messages } from '../../messages/messages.ts';
import { Button } from '../../ui/button.tsx';
import { LongText } from '../../ui/long-text.tsx';
import { ErrorNotice, Notice } from '../../ui/notice.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import { PlanFileCard } from './plan-file-card.tsx';
import { applyMigration } from './setup-store.ts';
import { StepFrame } from './step-frame.tsx';
import { inShort } from './way-costs.ts';
import { willChange } from './will-change.ts';

const text = messages.setup.review;

/** Step 3: the exact lines that would change, file by file. Nothing is written before the button is pressed. */
export function ReviewStep({ place }: { place: SetupRoute }) {
  const hub = useHubClient();
  const choices = place.choices ?? DEFAULT_CHOICES;
  const options = planOptionsOf(choices, place.clients);
  const plan = useHubQuery(JSON.stringify(options), (client, signal) =>
    client.migration.plan(options, { signal }),
  );
  // Consent to end a program is given here and now: it is not in the address, and a reload forgets it.
  const [restarts, setRestarts] = useState<ReadonlySet<ClientId>>(new Set());
  const files = plan.data?.files ?? [];
  const changing = files.filter((file) => willChange(file, restarts));

  const allowRestart = (client: ClientId, isAllowed: boolean): void =>
    setRestarts((old) => new Set([...old].filter((id) => id !== client).concat(isAllowed ? [client] : [])));

  const apply = (): void => {
    if (hub === null) return;
    const since = Date.now();
    void applyMigration(hub, {
      ...options,
      clients: [...new Set(changing.map((file) => file.client))],
      expected: changing.map(({ path, sha256 }) => ({ path, sha256 })),
      restartClients: [...restarts],
      latencyTrigger: choices.slower,
    });
    navigate({ ...place, step: 'apply', since });
  };

  return (
    <StepFrame
      heading={text.heading}
      lead={text.lead}
      back={() => navigate({ ...place, step: 'choose' })}
      extra={<Button onClick={plan.reload}>{text.planAgain}</Button>}
      next={{
        label: text.apply(changing.length),
        isDisabled: changing.length === 0 || hub === null,
        run: apply,
      }}
    >
      {plan.isLoading && <Spinner label={text.planning} />}
      {plan.error && <ErrorNotice error={plan.error} />}
      {plan.data && !files.some(({ diff }) => diff !== '') && <Notice tone="info">{text.nothing}</Notice>}
      {plan.data?.consequences && changing.length > 0 && <InShort numbers={plan.data.consequences} />}
      {files.map((file) => (
        <PlanFileCard
          key={`${file.path}\n${file.client}`}
          file={file}
          mayRestart={restarts.has(file.client)}
          onRestart={(isAllowed) => allowRestart(file.client, isAllowed)}
        />
      ))}
      {plan.data && plan.data.servers.length > 0 && <PlannedServers servers={plan.data.servers} />}
    </StepFrame>
  );
}

function InShort({ numbers }: { numbers: PlanConsequences }) {
  return (
    <section aria-label={text.summary} className="rounded-lg border border-line bg-surface px-3.5 py-2.5">
      <p className="flex flex-wrap gap-x-4 gap-y-0.5 text-xs">
        {inShort(numbers).map((sentence) => (
          <span key={sentence}>{sentence}</span>
        ))}
      </p>
    </section>
  );
}

function PlannedServers({ servers }: { servers: Plan['servers'] }) {
  return (
    <section aria-label={text.servers} className="mb-6">
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
