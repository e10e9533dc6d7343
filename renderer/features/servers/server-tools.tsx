import { RotateCw } from 'lucide-react';
import { useMemo, useRef, useState } from 'react';
import type { ServerOffer } from '../../../shared/model/server-tools.ts';
import { useCommands } from '../../lib/commands.ts';
import { formatTime } from '../../lib/format.ts';
import { useHubQuery } from '../../lib/hub-context.tsx';
import { useLastKnown } from '../../lib/use-last-known.ts';
import { messages } from '../../messages/messages.ts';
import { Button } from '../../ui/button.tsx';
import { inputClass } from '../../ui/field.tsx';
import { ErrorNotice, Notice } from '../../ui/notice.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import { ChangedTools } from './changed-tools.tsx';
import { matchingItems } from './offered-items.ts';
import { OfferedList } from './offered-list.tsx';

const text = messages.serverTools;
/** Fewer than this are seen at a glance. */
const FILTER_FROM = 8;
const KINDS = ['tools', 'prompts', 'resources', 'templates'] as const;

/** What a server offers right now. It is asked when this is opened, and again when a person wants it. */
export function ServerTools({ name }: { name: string }) {
  const [turn, setTurn] = useState(0);
  const { data, error, isLoading } = useHubQuery(`${turn} ${name}`, (client, signal) =>
    client.servers.tools({ name }, { signal }),
  );
  // The newest answer stays while the next one is awaited, and when it does not come.
  const last = useLastKnown(data);
  const offer = data ?? last;
  const region = useRef<HTMLDivElement>(null);
  useCommands(
    useMemo(
      () => [
        {
          id: 'servers.tools.again',
          label: text.again,
          group: messages.servers.group,
          run: () => setTurn((value) => value + 1),
        },
      ],
      [],
    ),
  );
  return (
    <div
      ref={region}
      role="region"
      aria-label={text.title}
      tabIndex={0}
      className="flex min-h-0 flex-1 flex-col gap-3 overflow-y-auto p-4 -outline-offset-2"
    >
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span role="status" className="flex-1 text-xs text-muted">
          {isLoading ? <Spinner label={text.asking} /> : offer && <AskedFacts offer={offer} />}
        </span>
        <Button
          icon={<RotateCw aria-hidden="true" className="size-3.5" />}
          disabled={isLoading}
          onClick={() => setTurn(turn + 1)}
        >
          {text.again}
        </Button>
      </div>
      <ChangedTools name={name} onAccepted={() => region.current?.focus()} />
      {error && <ErrorNotice error={error} />}
      {error && offer && <p className="text-xs text-warn">{text.stale}</p>}
      {offer && <Offer offer={offer} />}
    </div>
  );
}

function AskedFacts({ offer }: { offer: ServerOffer }) {
  const { askedAt, asked, protocolVersion } = offer;
  const facts = [text.askedAt(formatTime(askedAt)), text.asked[asked]];
  if (protocolVersion !== null) facts.push(text.protocol(protocolVersion));
  return <SafeText text={facts.join(' · ')} />;
}

function Offer({ offer }: { offer: ServerOffer }) {
  const [filter, setFilter] = useState('');
  const all = KINDS.reduce((sum, kind) => sum + offer[kind].length, 0);
  const shown = KINDS.map((kind) => ({ kind, items: matchingItems(offer[kind], filter) }));
  return (
    <>
      {offer.problems.map((problem) => (
        <Notice key={problem} tone="warn">
          {text.problem}: <SafeText text={problem} />
        </Notice>
      ))}
      {offer.leftOut > 0 && <Notice tone="warn">{text.leftOut(offer.leftOut)}</Notice>}
      {all >= FILTER_FROM && (
        <input
          type="search"
          aria-label={text.filter}
          placeholder={text.filter}
          value={filter}
          onChange={({ target }) => setFilter(target.value)}
          autoComplete="off"
          spellCheck={false}
          className={`${inputClass} max-w-96 shrink-0`}
        />
      )}
      {offer.tools.length === 0 && <p className="text-muted">{text.noTools}</p>}
      {all > 0 && shown.every(({ items }) => items.length === 0) && (
        <p className="text-muted">{text.noMatch}</p>
      )}
      {shown.map(
        ({ kind, items }) =>
          items.length > 0 && <OfferedList key={kind} title={text.kinds[kind]} items={items} />,
      )}
    </>
  );
}
