import type { Finding, FindingAction, FindingLevel } from '../../../shared/model/guardian.ts';
import { formatAgo, formatDateTime } from '../../lib/format.ts';
import { useHub } from '../../lib/hub-context.tsx';
import { formatRoute, navigate } from '../../lib/route.ts';
import { useAction } from '../../lib/use-action.ts';
import { oneLine } from '../../lib/visible-text.ts';
import { messages } from '../../messages/messages.ts';
import { Badge, type Tone } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { LongText } from '../../ui/long-text.tsx';
import { ErrorNotice, Notice } from '../../ui/notice.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import type { WriteTarget } from './config-write-dialog.tsx';
import { evidenceInWords } from './version-words.ts';

const text = messages.clients.guardian;
const TONES: Record<FindingLevel, Tone> = { alert: 'danger', warning: 'warn', notice: 'info' };

interface FindingCardProps {
  finding: Finding;
  onWrite(target: WriteTarget): void;
}

/** One finding: what happened, since when, by whom, what would be started now, and what may be done about it. */
export function FindingCard({ finding, onWrite }: FindingCardProps) {
  const { data: hub } = useHub();
  const accepting = useAction();
  const { state, level, message, advice, actions } = finding;
  const isOpen = state === 'open';

  const act = (action: FindingAction): void => {
    if (action === 'route') {
      navigate({ screen: 'setup', step: 'review', clients: [finding.client] });
    } else if (action === 'accept') {
      void accepting
        .run((client) => client.guardian.accept({ id: finding.id }))
        .then(() => hub.refresh('guardian'));
    } else if (action === 'restore') {
      if (finding.lastGood === null) return;
      // The version that is restored is the last one that could be read; the file as it is now cannot.
      onWrite({ kind: 'restore', version: { id: finding.lastGood, path: finding.path, state: 'broken' } });
    } else onWrite({ kind: action, finding });
  };

  return (
    <li
      className="flex flex-col gap-1.5 rounded-lg border border-line bg-surface px-3.5 py-2.5 text-xs"
      data-state={state}
    >
      <p className="flex flex-wrap items-start gap-x-2 gap-y-1 text-sm">
        <Badge tone={isOpen ? TONES[level] : 'neutral'}>
          {isOpen ? text.level[level] : text.state[state]}
        </Badge>
        <span className="min-w-0 flex-1 basis-80 font-medium text-hostile">
          <SafeText text={message} />
        </span>
      </p>
      <Facts finding={finding} />
      <Starts finding={finding} />
      {advice !== null && (
        <Notice tone="warn">
          {finding.undone > 0 && <p className="font-medium">{text.undone(finding.undone)}</p>}
          <p>
            <SafeText text={advice} />
          </p>
        </Notice>
      )}
      {accepting.error && <ErrorNotice error={accepting.error} />}
      {actions.length > 0 && (
        <div className="mt-0.5 flex flex-wrap items-center gap-2">
          {actions.map((action, index) => (
            <Button
              key={action}
              // Nothing is urged about a server that nobody knows.
              variant={
                isOpen && index === 0 && level === 'warning' && action !== 'accept' ? 'primary' : 'default'
              }
              disabled={accepting.isBusy}
              onClick={() => act(action)}
            >
              {text.action[action]}
            </Button>
          ))}
          {accepting.isBusy && <Spinner label={text.acceptBusy} />}
        </div>
      )}
    </li>
  );
}

function Facts({ finding }: { finding: Finding }) {
  const { at, settledAt, author, path } = finding;
  const evidence = evidenceInWords(author);
  const parts = [
    text.noticed(formatDateTime(Date.parse(at)), formatAgo(Date.parse(at), Date.now())),
    ...(settledAt === null ? [] : [text.settledAt(formatDateTime(Date.parse(settledAt)))]),
    ...(evidence === null ? [] : [evidence]),
  ];
  return (
    <p className="text-muted text-hostile">
      {`${parts.join(' · ')} · `}
      <a
        href={formatRoute({ screen: 'clients', config: path })}
        className="rounded-sm font-mono text-2xs underline underline-offset-2 hover:text-ink"
      >
        <SafeText text={path} />
      </a>
    </p>
  );
}

/** The whole command line of what stands there now: nobody should have to guess what he agrees to. */
function Starts({ finding: { entries } }: { finding: Finding }) {
  const withStart = entries.filter(({ starts }) => starts !== undefined);
  if (withStart.length === 0) return null;
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-0.5">
      {withStart.map((entry, index) => (
        <div key={index} className="contents">
          <dt className="text-muted text-hostile">
            <span className="font-medium text-ink">
              <SafeText text={oneLine(entry.name, 60)} />
            </span>{' '}
            {text.starts}
          </dt>
          <dd className="font-mono text-2xs leading-[1.125rem] text-hostile whitespace-pre-wrap">
            <LongText text={entry.starts ?? ''} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
