import type { Plan, PlanConsequences } from '../../../shared/model/migration.ts';
import { useHubQuery } from '../../lib/hub-context.tsx';
import type { HubClient } from '../../lib/hub-link.ts';
import { navigate, type SetupRoute } from '../../lib/route.ts';
import { DEFAULT_CHOICES, planOptionsOf, type SetupChoices } from '../../lib/setup-choices.ts';
import { messages } from '../../messages/messages.ts';
import { ErrorNotice } from '../../ui/notice.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import { ChoiceOptions, type Offers } from './choice-options.tsx';
import { LatencyLimit } from './latency-limit.tsx';
import { SecretChoices } from './secret-choices.tsx';
import { StepFrame } from './step-frame.tsx';
import { WAYS } from './way-costs.ts';
import { WaysTable } from './ways-table.tsx';

const text = messages.setup.choose;

/** Step 2: how to route, with what each way costs; everything preset to as little change as possible. */
export function ChooseStep({ place }: { place: SetupRoute }) {
  const choices = place.choices ?? DEFAULT_CHOICES;
  const { projects, remotes, rewriteRules, moveSecrets } = choices;
  const { data, error, isLoading } = useHubQuery(
    JSON.stringify([place.clients, projects, remotes, rewriteRules, moveSecrets]),
    (hub, signal) => askCosts(hub, { choices, clients: place.clients }, signal),
  );
  const change = (changed: Partial<SetupChoices>): void =>
    navigate({ ...place, choices: { ...choices, ...changed } }, { replace: true });
  return (
    <StepFrame
      heading={text.heading}
      lead={text.lead}
      back={() => navigate({ ...place, step: 'found' })}
      next={{ label: text.next, run: () => navigate({ ...place, step: 'review' }) }}
    >
      {isLoading && <Spinner label={text.planning} />}
      {error && <ErrorNotice error={error} />}
      {data && (
        <>
          <WaysTable numbers={data.numbers} chosen={choices} onChoose={change} />
          <ChoiceOptions choices={choices} offers={data.offers} onChange={change} />
          <SecretChoices
            offers={data.offers.secrets}
            chosen={moveSecrets}
            onChange={(names) => change({ moveSecrets: names })}
          />
        </>
      )}
      <LatencyLimit slower={choices.slower} onChange={(slower) => change({ slower })} />
    </StepFrame>
  );
}

interface Costs {
  /** In the order of `WAYS`. */
  numbers: PlanConsequences[];
  offers: Offers;
}

/** One plan per way, and one per option to see what it would add. All of them write nothing. */
async function askCosts(
  hub: HubClient,
  { choices, clients }: { choices: SetupChoices; clients: readonly string[] },
  signal: AbortSignal,
): Promise<Costs> {
  const plan = (changed: Partial<SetupChoices>): Promise<Plan> =>
    hub.migration.plan(planOptionsOf({ ...choices, ...changed }, clients), { signal });
  const ask = async (changed: Partial<SetupChoices>): Promise<PlanConsequences> =>
    (await plan(changed)).consequences ?? NOTHING;
  // One after the other: each looks at every file and process, and the hub has traffic to carry meanwhile.
  const numbers: PlanConsequences[] = [];
  for (const way of WAYS) numbers.push(await ask(way));
  const plain = { ...DEFAULT_CHOICES, slower: choices.slower };
  const moved = async (changed: Partial<SetupChoices>): Promise<number> =>
    (await ask({ ...plain, ...changed })).entriesMoved;
  const least = await plan(plain);
  const base = least.consequences?.entriesMoved ?? 0;
  const projects = (await moved({ projects: true })) - base;
  const remotes = (await moved({ remotes: true })) - base;
  return {
    numbers,
    offers: {
      projects,
      remotes,
      rules: Math.max(...numbers.map((one) => one.mentionsBroken)),
      secrets: least.files.flatMap((file) => file.secrets ?? []),
    },
  };
}

const NOTHING: PlanConsequences = {
  entriesMoved: 0,
  entriesLeft: 0,
  namesChanged: 0,
  mentions: 0,
  mentionsBroken: 0,
  mentionsRewritten: 0,
  processesNow: 0,
  processesThen: 0,
  entriesNeedingHub: 0,
  worksWithoutHub: true,
  entriesElsewhere: 0,
  serversGained: 0,
};
