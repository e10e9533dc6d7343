import { Check, CircleHelp, Split, X } from 'lucide-react';
import type { ReactNode } from 'react';
import type { SharingAdvice, SharingReason } from '../../../shared/model/sharing.ts';
import { formatBytes, formatCount, formatDateTime } from '../../lib/format.ts';
import { useHub } from '../../lib/hub-context.tsx';
import type { HubClient } from '../../lib/hub-link.ts';
import { formatRoute } from '../../lib/route.ts';
import { useAction } from '../../lib/use-action.ts';
import { oneLine, visibleText } from '../../lib/visible-text.ts';
import { messages } from '../../messages/messages.ts';
import { Badge, type Tone } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { ErrorNotice, Notice } from '../../ui/notice.tsx';
import { SafeText } from '../../ui/safe-text.tsx';

const text = messages.servers.sharing;
const TONES: Record<SharingAdvice['verdict'], Tone> = {
  good: 'good',
  possible: 'info',
  bad: 'neutral',
  already: 'accent',
};
const SIGNS = {
  for: { Icon: Check, ink: 'text-good' },
  against: { Icon: X, ink: 'text-danger' },
  unknown: { Icon: CircleHelp, ink: 'text-muted' },
} as const;

interface SharingCardProps {
  advice: SharingAdvice;
  /** Under the server's own heading, its name would be said twice. */
  withName?: boolean;
}

/** What was seen of one server, what sharing it would save, and a trial that can be taken back. */
export function SharingCard({ advice, withName = true }: SharingCardProps) {
  const { server, verdict, reasons } = advice;
  const name = oneLine(server);
  return (
    <section
      aria-label={visibleText(name)}
      className="flex flex-col gap-3 rounded-lg border border-line bg-surface p-3.5"
    >
      <header className="flex flex-wrap items-center gap-2">
        {withName && (
          <h3 className="min-w-0 font-semibold text-hostile">
            <a
              href={formatRoute({ screen: 'servers', server, view: 'sharing' })}
              className="rounded-sm underline-offset-2 hover:underline"
            >
              <SafeText text={name} />
            </a>
          </h3>
        )}
        <Badge tone={TONES[verdict]}>{text.verdicts[verdict]}</Badge>
        <span className="text-xs text-muted">{text.verdictHints[verdict]}</span>
      </header>
      <div className="grid gap-x-8 gap-y-3 min-[1000px]:grid-cols-2">
        <Numbers advice={advice} />
        <ul className="flex flex-col gap-1 text-xs">
          {reasons.map((reason) => (
            <Reason key={reason.code} reason={reason} />
          ))}
        </ul>
      </div>
      <SharingActions advice={advice} />
    </section>
  );
}

function Numbers({ advice }: { advice: SharingAdvice }) {
  const { server, isolation, offer, sessions, processesNow, processesThen, rssNow, rssSaved } = advice;
  const bytes = (value: number | null): string =>
    value === null ? messages.common.none : formatBytes(value);
  const then = rssNow === null || rssSaved === null ? null : rssNow - rssSaved;
  const rows: readonly [name: string, now: ReactNode, then: ReactNode][] = [
    [text.isolation, isolation, offer],
    [text.sessions, formatCount(sessions), formatCount(sessions)],
    [text.processes, formatCount(processesNow), formatCount(processesThen)],
    [text.memory, bytes(rssNow), bytes(then)],
  ];
  return (
    <table className="h-fit w-fit border-collapse text-xs [&_td]:py-px [&_td]:pr-6 [&_th]:py-px [&_th]:pr-6 [&_th]:text-left [&_th]:font-normal [&_th]:text-muted">
      <caption className="sr-only">{text.table(visibleText(oneLine(server)))}</caption>
      <thead>
        <tr>
          <td />
          <th scope="col">{text.now}</th>
          {offer !== null && <th scope="col">{text.shared}</th>}
          <td />
        </tr>
      </thead>
      <tbody>
        {rows.map(([name, now, later]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td className="font-medium">{now}</td>
            {offer !== null && <td className="font-medium">{later}</td>}
            <td className="text-good">
              {name === text.memory &&
                offer !== null &&
                rssSaved !== null &&
                rssSaved > 0 &&
                text.saves(rssSaved)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Reason({ reason: { sign, code, seen } }: { reason: SharingReason }) {
  const { Icon, ink } = SIGNS[sign];
  return (
    <li className="flex items-start gap-1.5">
      <Icon aria-hidden="true" className={`mt-0.5 size-3.5 shrink-0 ${ink}`} />
      <span className="min-w-0">
        <span className="sr-only">{text.signs[sign]} </span>
        {text.reasons[code]}
        {seen.length > 0 && (
          <span className="block font-mono text-2xs text-muted text-hostile">
            <SafeText text={seen.map((value) => oneLine(value)).join(', ')} />
          </span>
        )}
      </span>
    </li>
  );
}

function SharingActions({ advice: { server, offer, trial } }: { advice: SharingAdvice }) {
  const { data } = useHub();
  const action = useAction();
  const name = visibleText(oneLine(server));
  const perform = async (run: (client: HubClient) => Promise<unknown>): Promise<void> => {
    if (!(await action.run(run))) return;
    data.refresh('sharing');
    data.refresh('servers');
  };
  return (
    <>
      {trial && (
        <Notice
          tone="info"
          actions={
            <div className="flex gap-1.5">
              <Button
                disabled={action.isBusy}
                aria-label={text.takeBackOf(name)}
                onClick={() => void perform((client) => client.sharing.takeBack({ server }))}
              >
                {text.takeBack}
              </Button>
              <Button
                variant="primary"
                disabled={action.isBusy}
                aria-label={text.keepOf(name)}
                onClick={() => void perform((client) => client.sharing.keep({ server }))}
              >
                {text.keep}
              </Button>
            </div>
          }
        >
          <p>{text.trial(formatDateTime(trial.since), trial.before)}</p>
          <p className="text-xs text-muted">{text.trialHint}</p>
        </Notice>
      )}
      {offer !== null && trial === null && (
        <Button
          icon={<Split aria-hidden="true" className="size-3.5" />}
          className="self-start"
          disabled={action.isBusy}
          aria-label={text.tryOf(text.try[offer], name)}
          onClick={() => void perform((client) => client.sharing.try({ server }))}
        >
          {text.try[offer]}
        </Button>
      )}
      {action.error && <ErrorNotice error={action.error} />}
    </>
  );
}
