import { ChevronRight } from 'lucide-react';
import { useState } from 'react';
import type { OfferedItem, OfferedTool } from '../../../shared/model/server-tools.ts';
import { formatCount } from '../../lib/format.ts';
import { formatJson } from '../../lib/json/format-json.ts';
import { oneLine, visibleText } from '../../lib/visible-text.ts';
import { messages } from '../../messages/messages.ts';
import { Badge } from '../../ui/badge.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { LongText } from '../../ui/long-text.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { readDefinition } from './offered-items.ts';

const text = messages.serverTools;
/** Rows that are drawn; the filter finds the others. */
const MAX_ROWS = 200;

interface OfferedListProps {
  title: string;
  items: readonly (OfferedItem | OfferedTool)[];
}

/** Tools, prompts or resources: a line each, which opens to the whole definition. */
export function OfferedList({ title, items }: OfferedListProps) {
  return (
    <section aria-label={title}>
      <h3 className="mb-1 font-semibold">
        {title} <span className="font-normal text-muted">{formatCount(items.length)}</span>
      </h3>
      <ul className="divide-y divide-line overflow-hidden rounded-md border border-line">
        {items.slice(0, MAX_ROWS).map((item) => (
          <li key={item.key}>
            <Item item={item} />
          </li>
        ))}
      </ul>
      {items.length > MAX_ROWS && (
        <p className="mt-1 text-xs text-muted">{text.more(items.length - MAX_ROWS)}</p>
      )}
    </section>
  );
}

function Item({ item }: { item: OfferedItem | OfferedTool }) {
  const { key, title, description, definition } = item;
  const [isOpen, setOpen] = useState(false);
  const { hints } = readDefinition(definition);
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)} className="group">
      <summary className="flex cursor-pointer flex-wrap items-baseline gap-x-2 gap-y-1 px-2.5 py-1.5 -outline-offset-2 hover:bg-hover">
        <ChevronRight
          aria-hidden="true"
          className="size-3.5 shrink-0 self-center text-faint group-open:rotate-90"
        />
        <span className="font-mono text-xs font-medium text-hostile">
          <SafeText text={oneLine(key)} />
        </span>
        {'shownAs' in item && <RuleBadge name={key} shownAs={item.shownAs} />}
        {hints.map((hint) => (
          <Badge key={hint} tone={hint === 'destructiveHint' ? 'warn' : 'neutral'}>
            {text.hints[hint]}
          </Badge>
        ))}
        <span className="min-w-40 flex-1 truncate text-xs text-muted group-open:invisible">
          <SafeText text={oneLine((description ?? title ?? '').slice(0, 300))} />
        </span>
      </summary>
      {isOpen && <ItemBody item={item} hasHints={hints.length > 0} />}
    </details>
  );
}

function RuleBadge({ name, shownAs }: { name: string; shownAs: string | null }) {
  if (shownAs === null) return <Badge tone="warn">{text.hidden}</Badge>;
  if (shownAs === name) return null;
  return (
    <Badge tone="info">
      <SafeText text={text.shownAs(oneLine(shownAs))} />
    </Badge>
  );
}

function ItemBody({ item, hasHints }: { item: OfferedItem; hasHints: boolean }) {
  const { key, title, description, definition } = item;
  const { inputSchema } = readDefinition(definition);
  return (
    <div className="flex flex-col gap-2 border-t border-line bg-sunken/50 px-2.5 py-2 text-xs">
      {title !== null && title !== key && (
        <p className="font-medium text-hostile">
          <SafeText text={title} />
        </p>
      )}
      {description !== null && (
        <p className="max-w-prose text-hostile whitespace-pre-wrap">
          <LongText text={description} />
        </p>
      )}
      {hasHints && <p className="text-muted">{text.hintsNote}</p>}
      {inputSchema !== null && (
        <div>
          <h4 className="mb-1 text-muted">{text.inputSchema}</h4>
          <Code title={text.inputSchema} json={inputSchema} />
        </div>
      )}
      {definition === null ? (
        <p className="text-muted">{text.tooLong}</p>
      ) : (
        <details>
          <summary className="w-fit cursor-pointer text-muted">{text.definition}</summary>
          <div className="mt-1 flex items-start gap-1">
            <Code title={text.definition} json={definition} />
            <CopyButton label={text.copy(visibleText(oneLine(key)))} text={formatJson(definition)} />
          </div>
        </details>
      )}
    </div>
  );
}

function Code({ title, json }: { title: string; json: string }) {
  return (
    <pre
      role="region"
      aria-label={title}
      tabIndex={0}
      className="max-h-80 min-w-0 flex-1 overflow-auto rounded-md border border-line bg-surface px-2.5 py-1.5 font-mono leading-5 text-hostile whitespace-pre-wrap"
    >
      <LongText text={formatJson(json)} />
    </pre>
  );
}
