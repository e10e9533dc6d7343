import { type KeyboardEvent, useRef } from 'react';
import { formatDuration } from '../../lib/format.ts';
import { oneLine } from '../../lib/visible-text.ts';
import { messages } from '../../messages/messages.ts';
import { classNames } from '../../ui/class-names.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import type { CallEvent } from './call-events.ts';

const text = messages.exchange.waterfall;
const NAMES: Record<CallEvent['kind'], string> = {
  ...messages.exchange.phases,
  progress: text.progress,
  logging: text.logging,
  requests: text.requests,
  other: text.other,
  stderr: text.stderr,
  usage: text.usage,
};

interface EventTableProps {
  events: readonly CallEvent[];
  lengthMs: number;
  selected: string | null;
  onSelect(key: string): void;
  onOpen(exchange: number): void;
}

/** The waterfall in words: arrow keys go through it and point at the place above, Enter opens what can be opened. */
export function EventTable({ events, lengthMs, selected, onSelect, onOpen }: EventTableProps) {
  const body = useRef<HTMLTableSectionElement>(null);
  const focusable = Math.max(
    0,
    events.findIndex(({ key }) => key === selected),
  );
  const onKeyDown = (event: KeyboardEvent): void => {
    const moves: Partial<Record<string, number>> = {
      ArrowDown: focusable + 1,
      ArrowUp: focusable - 1,
      Home: 0,
      End: events.length - 1,
    };
    const target = moves[event.key];
    if (event.key === 'Enter') {
      const { exchange } = events[focusable]!;
      if (exchange !== null) onOpen(exchange);
    } else if (target !== undefined) {
      const row = body.current?.rows[Math.min(events.length - 1, Math.max(0, target))];
      row?.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <table className="w-full table-fixed text-xs">
      <caption className="sr-only">{text.table}</caption>
      <thead className="text-left text-muted">
        <tr className="border-y border-line [&>th]:py-1 [&>th]:font-normal">
          <th scope="col" className="w-24 pl-3">
            {text.columns.at}
          </th>
          <th scope="col" className="w-32">
            {text.columns.what}
          </th>
          <th scope="col">{text.columns.detail}</th>
          <th scope="col" className="w-20 pr-3 text-right">
            {text.columns.took}
          </th>
        </tr>
      </thead>
      <tbody ref={body} onKeyDown={onKeyDown}>
        {events.map((event, at) => (
          <tr
            key={event.key}
            tabIndex={at === focusable ? 0 : -1}
            onFocus={() => onSelect(event.key)}
            onPointerEnter={() => onSelect(event.key)}
            onDoubleClick={() => event.exchange !== null && onOpen(event.exchange)}
            className={classNames('align-top -outline-offset-2', event.key === selected && 'bg-hover')}
          >
            <td className="py-0.5 pl-3 text-muted">{moment(event, lengthMs)}</td>
            <td className="truncate py-0.5 pr-2">{NAMES[event.kind]}</td>
            <td className="py-0.5 pr-2 text-hostile">
              <SafeText text={oneLine(event.text)} />
            </td>
            <td className="py-0.5 pr-3 text-right text-muted">
              {event.tookMs !== null && formatDuration(event.tookMs)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function moment({ atMs }: CallEvent, lengthMs: number): string {
  if (atMs < 0) return `−${formatDuration(-atMs)}`;
  return atMs > lengthMs ? `+${formatDuration(atMs)}` : formatDuration(atMs);
}
