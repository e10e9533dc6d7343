import { ArrowLeftRight, X } from 'lucide-react';
import { useMemo } from 'react';
import type { CapturedBody, ExchangeDetail } from '../../../shared/model/exchange.ts';
import { type Command, useCommands } from '../../lib/commands.ts';
import { formatTime } from '../../lib/format.ts';
import { useHubQuery } from '../../lib/hub-context.tsx';
import { diffJson } from '../../lib/json/json-diff.ts';
import type { JsonIndex } from '../../lib/json/json-index.ts';
import { memberAt } from '../../lib/json/json-path.ts';
import { oneLine } from '../../lib/visible-text.ts';
import { messages } from '../../messages/messages.ts';
import { Badge } from '../../ui/badge.tsx';
import { IconButton } from '../../ui/button.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import { subjectOf } from '../traffic/exchange-words.ts';
import { CompareFigures } from './compare-figures.tsx';
import { JsonDiffView } from './json-diff-view.tsx';
import { useBody } from './use-body.ts';

const text = messages.exchange.compare;

interface ComparePanelProps {
  first: number;
  second: number;
  onGo(exchange: number, compare?: number): void;
}

/** Two calls beside each other: figures, parameters, results. */
export function ComparePanel({ first, second, onGo }: ComparePanelProps) {
  const one = useHubQuery(`${first}`, (client, signal) => client.traffic.get({ id: first }, { signal }));
  const other = useHubQuery(`${second}`, (client, signal) => client.traffic.get({ id: second }, { signal }));
  const problem = one.error ?? other.error;
  const commands = useMemo<readonly Command[]>(
    () => [
      {
        id: 'compare.swap',
        group: messages.exchange.group,
        label: text.swap,
        keys: 'x',
        run: () => onGo(second, first),
      },
      {
        id: 'compare.close',
        group: messages.exchange.group,
        label: text.close,
        keys: 'd',
        run: () => onGo(first),
      },
    ],
    [first, second, onGo],
  );
  useCommands(commands);
  return (
    <>
      <header className="flex min-h-9 items-center gap-1 border-b border-line py-1 pr-1.5 pl-3">
        <h2 className="min-w-0 flex-1 truncate font-semibold">{text.title}</h2>
        <IconButton
          label={text.swap}
          icon={<ArrowLeftRight className="size-3.5" />}
          onClick={() => onGo(second, first)}
        />
        <IconButton label={text.close} icon={<X className="size-4" />} onClick={() => onGo(first)} />
      </header>
      {problem && <ErrorNotice error={problem} className="m-3" />}
      {!problem && !(one.data && other.data) && (
        <p className="p-4">
          <Spinner label={text.working} />
        </p>
      )}
      {one.data && other.data && <Compared first={one.data} second={other.data} onGo={onGo} />}
    </>
  );
}

interface ComparedProps {
  first: ExchangeDetail;
  second: ExchangeDetail;
  onGo(exchange: number): void;
}

function Compared({ first, second, onGo }: ComparedProps) {
  return (
    <div
      role="region"
      aria-label={text.label}
      tabIndex={0}
      className="min-h-0 flex-1 overflow-y-auto -outline-offset-2"
    >
      <div className="grid grid-cols-2 gap-3 px-3 py-2">
        <CallName name={text.first} detail={first} onGo={onGo} />
        <CallName name={text.second} detail={second} onGo={onGo} />
      </div>
      <CompareFigures first={first} second={second} />
      <Difference title={text.params} a={first.request} b={second.request} members={PARAMS} />
      <Difference title={text.result} a={first.response} b={second.response} members={RESULTS} />
    </div>
  );
}

const PARAMS = ['params'];
const RESULTS = ['result', 'error'];

function CallName({
  name,
  detail,
  onGo,
}: {
  name: string;
  detail: ExchangeDetail;
  onGo(exchange: number): void;
}) {
  const { exchange } = detail;
  return (
    <div className="min-w-0">
      <p className="text-2xs text-muted">{name}</p>
      <button
        type="button"
        onClick={() => onGo(exchange.id)}
        className="max-w-full truncate rounded-sm font-medium text-accent underline-offset-2 hover:underline"
      >
        <SafeText text={oneLine(subjectOf(exchange).main, 80)} />
      </button>
      <p className="truncate text-xs text-muted">
        <SafeText text={oneLine(exchange.server, 60)} />
        {' · '}
        <SafeText text={oneLine(messages.client[exchange.client] ?? exchange.client, 60)} />
        {' · '}
        {formatTime(exchange.at)}
      </p>
    </div>
  );
}

interface DifferenceProps {
  title: string;
  a: CapturedBody | null;
  b: CapturedBody | null;
  /** The first of these that both have is compared; else the messages as a whole. */
  members: readonly string[];
}

/** The member of both messages to look at: their ids differ always and tell nothing. */
function nodesOf(a: JsonIndex, b: JsonIndex, members: readonly string[]): [number, number] {
  for (const name of members) {
    const nodes: [number, number] = [memberAt(a, [name]), memberAt(b, [name])];
    if (!nodes.includes(-1)) return nodes;
  }
  return [0, 0];
}

function Difference({ title, a, b, members }: DifferenceProps) {
  const first = useBody(a);
  const second = useBody(b);
  const diff = useMemo(() => {
    if (!first.index || !second.index) return null;
    const [nodeA, nodeB] = nodesOf(first.index, second.index, members);
    return diffJson({ index: first.index, node: nodeA }, { index: second.index, node: nodeB });
  }, [first.index, second.index, members]);
  const isReading = first.isReading || second.isReading;
  return (
    <section aria-label={title} className="border-t border-line pb-2">
      <header className="flex min-h-8 items-center gap-2 px-3">
        <h3 className="font-semibold">{title}</h3>
        {diff && diff.changes > 0 && <Badge tone="warn">{text.changes(diff.changes)}</Badge>}
      </header>
      {(a === null || b === null) && <p className="px-3 text-xs text-muted">{text.missing}</p>}
      {(a?.truncated || b?.truncated) && <p className="px-3 pb-1 text-xs text-warn">{text.cut}</p>}
      {isReading && (
        <p className="px-3">
          <Spinner label={text.working} />
        </p>
      )}
      {diff && diff.changes === 0 && <p className="px-3 text-xs text-muted">{text.same}</p>}
      {diff && diff.changes > 0 && <JsonDiffView diff={diff} />}
      {a && b && !isReading && !diff && (
        <p className="px-3 text-xs text-muted">{a.text === b.text ? text.same : text.notJson}</p>
      )}
    </section>
  );
}
