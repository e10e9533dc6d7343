import { ArrowRight, CircleAlert, CircleCheck } from 'lucide-react';
import { isParityKept, type ParityRow } from '../../../shared/model/migration.ts';
import { formatCount, formatDuration } from '../../lib/format.ts';
import { oneLine } from '../../lib/visible-text.ts';
import { messages } from '../../messages/messages.ts';
import { Badge } from '../../ui/badge.tsx';
import { LongText } from '../../ui/long-text.tsx';
import { SafeText } from '../../ui/safe-text.tsx';

const text = messages.setup.report;

/** Tools, start time and latency of each server, before and after. */
export function ParityTable({ rows }: { rows: readonly ParityRow[] }) {
  if (rows.length === 0) return null;
  return (
    <div
      role="region"
      aria-label={text.caption}
      tabIndex={0}
      className="overflow-x-auto rounded-lg border border-line bg-surface"
    >
      <table className="w-full border-collapse text-xs">
        <caption className="sr-only">{text.caption}</caption>
        <thead>
          <tr className="h-7 bg-canvas text-left text-2xs text-muted [&>th]:px-2.5 [&>th]:font-medium">
            <th scope="col">{text.server}</th>
            <th scope="col">{text.client}</th>
            <th scope="col">{text.tools}</th>
            <th scope="col" className="text-right">
              {text.start}
            </th>
            <th scope="col" className="text-right" title={text.latencyHint}>
              {text.latency}
            </th>
            <th scope="col">{text.route}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <Row key={index} row={row} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ row }: { row: ParityRow }) {
  const isKept = isParityKept(row);
  const Icon = isKept ? CircleCheck : CircleAlert;
  return (
    <tr className="border-t border-line align-top [&>td]:px-2.5 [&>td]:py-1.5">
      {/* Beside a long folder of a project the name would be left a letter's width. */}
      <td className="max-w-52 min-w-32">
        <span className="flex items-center gap-1.5">
          <Icon
            aria-hidden="true"
            className={isKept ? 'size-3.5 shrink-0 text-good' : 'size-3.5 shrink-0 text-danger'}
          />
          <span className="font-medium text-hostile">
            <SafeText text={oneLine(row.server)} />
          </span>
        </span>
      </td>
      <td>
        {messages.client[row.client] ?? row.client}
        <span className="block text-muted text-hostile">
          {messages.scope[row.scope]}
          {row.project !== undefined && (
            <>
              {': '}
              <SafeText text={row.project} />
            </>
          )}
        </span>
      </td>
      <td>
        <Tools row={row} />
      </td>
      <td className="text-right whitespace-nowrap">
        <BeforeAfter before={row.startBeforeMs} after={row.startAfterMs} />
      </td>
      <td className="text-right whitespace-nowrap">
        <BeforeAfter before={row.latencyBeforeMs} after={row.latencyAfterMs} />
      </td>
      <td>
        <Badge tone={row.route === 'hub' ? 'accent' : row.route === 'bypass' ? 'warn' : 'neutral'}>
          {text.routes[row.route]}
        </Badge>
      </td>
    </tr>
  );
}

function Tools({ row }: { row: ParityRow }) {
  const count = (value: number | null): string => (value === null ? text.noAnswer : formatCount(value));
  const isSame =
    row.missing.length + row.changed.length + row.added.length === 0 && row.toolsBefore === row.toolsAfter;
  return (
    <>
      <span className="whitespace-nowrap">
        {isSame && row.toolsAfter !== null ? (
          `${formatCount(row.toolsAfter)} (${text.same})`
        ) : (
          <>
            {count(row.toolsBefore)} <ArrowRight aria-label={text.after} className="inline size-3" />{' '}
            {count(row.toolsAfter)}
          </>
        )}
      </span>
      <Names tone="text-danger" names={row.missing} sentence={text.missing} />
      <Names tone="text-danger" names={row.changed} sentence={text.changed} />
      <Names tone="text-muted" names={row.added} sentence={text.added} />
      {row.errorBefore !== undefined && (
        <span className="block text-muted text-hostile">
          <LongText text={text.errorBefore(row.errorBefore)} />
        </span>
      )}
      {row.errorAfter !== undefined && (
        <span className="block text-danger text-hostile">
          <LongText text={text.errorAfter(row.errorAfter)} />
        </span>
      )}
    </>
  );
}

interface NamesProps {
  tone: string;
  names: readonly string[];
  sentence(names: string): string;
}

function Names({ tone, names, sentence }: NamesProps) {
  if (names.length === 0) return null;
  return (
    <span className={`block text-hostile ${tone}`}>
      <LongText text={sentence(names.join(', '))} />
    </span>
  );
}

function BeforeAfter({ before, after }: { before: number | null; after: number | null }) {
  const show = (ms: number | null): string => (ms === null ? messages.common.none : formatDuration(ms));
  return (
    <>
      <span className="sr-only">{text.before} </span>
      <span className="text-muted">{show(before)}</span>{' '}
      <ArrowRight aria-hidden="true" className="inline size-3 text-faint" />
      <span className="sr-only">{text.after}</span> {show(after)}
    </>
  );
}
