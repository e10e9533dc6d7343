import { Ban, CircleX, Unplug } from 'lucide-react';
import type { Exchange } from '../../../shared/model/exchange.ts';
import { messages } from '../../messages/messages.ts';
import { classNames } from '../../ui/class-names.ts';

/** Whether a row is marked: failures are, successes stay quiet. */
export const isFailure = ({ outcome }: Exchange): boolean =>
  outcome === 'error' || outcome === 'tool-error' || outcome === 'lost';

/** The outcome in words. */
export function outcomeText(exchange: Exchange): string {
  if (exchange.kind === 'notification') return messages.traffic.outcome.notification;
  if (exchange.outcome === 'error' && exchange.errorCode !== null)
    return messages.traffic.outcomeWithCode(exchange.errorCode);
  return messages.traffic.outcome[exchange.outcome];
}

const ICONS = { error: CircleX, 'tool-error': CircleX, lost: Unplug, cancelled: Ban } as const;

/** The outcome as it stands in a row or a summary. */
export function Outcome({ exchange }: { exchange: Exchange }) {
  const { outcome } = exchange;
  const Icon = outcome === 'ok' || outcome === 'pending' ? null : ICONS[outcome];
  return (
    <span
      className={classNames(
        // An icon has a baseline of its own: by it, the words would stand higher than those of rows without one.
        'inline-flex min-w-0 items-center gap-1.5 align-top',
        isFailure(exchange) ? 'font-medium text-danger' : 'text-muted',
      )}
    >
      {Icon && <Icon aria-hidden="true" className="size-3.5 shrink-0" />}
      {outcome === 'pending' && exchange.kind === 'request' && (
        <span aria-hidden="true" className="mx-1 size-1.5 shrink-0 animate-pulse rounded-full bg-accent" />
      )}
      <span className="truncate">{outcomeText(exchange)}</span>
    </span>
  );
}
