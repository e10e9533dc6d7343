import { useMemo, useState } from 'react';
import type { ExchangeContext, ExchangeDetail } from '../../../shared/model/exchange.ts';
import { messages } from '../../messages/messages.ts';
import { axisLength, callEvents } from './call-events.ts';
import { EventTable } from './event-table.tsx';
import { ExchangeFacts } from './exchange-facts.tsx';
import { Waterfall } from './waterfall.tsx';

interface TimingTabProps {
  detail: ExchangeDetail;
  context: ExchangeContext | null;
  onOpen(exchange: number): void;
}

/** Where the time went: as a picture, and the same in words. */
export function TimingTab({ detail, context, onOpen }: TimingTabProps) {
  const events = useMemo(() => callEvents(detail, context), [detail, context]);
  const [selected, setSelected] = useState<string | null>(null);
  return (
    <div className="flex flex-col">
      {!detail.phases && detail.exchange.durationMs !== null && (
        <p className="px-3 py-1 text-xs text-muted">{messages.exchange.noTiming}</p>
      )}
      <Waterfall
        detail={detail}
        events={events}
        usage={context?.usage ?? []}
        selected={selected}
        onSelect={setSelected}
      />
      {events.length > 0 && (
        <EventTable
          events={events}
          lengthMs={axisLength(detail, events)}
          selected={selected}
          onSelect={setSelected}
          onOpen={onOpen}
        />
      )}
      <ExchangeFacts exchange={detail.exchange} />
    </div>
  );
}
