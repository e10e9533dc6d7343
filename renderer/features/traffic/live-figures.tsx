import { Pause, Play } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import type { LogSnapshot } from '../../lib/exchange-log.ts';
import { useHub } from '../../lib/hub-context.tsx';
import { messages } from '../../messages/messages.ts';
import { Button } from '../../ui/button.tsx';
import { useRows } from './use-traffic-source.ts';

const text = messages.traffic;

/** How many rows are shown, of how many. */
export function RowCounts({ fileRows }: { fileRows: LogSnapshot | null }) {
  const { rowCount, heldCount } = useRows(fileRows);
  return (
    <span className="hidden text-xs whitespace-nowrap text-muted min-[1180px]:inline">
      {text.counts(rowCount, Math.max(heldCount, rowCount))}
    </span>
  );
}

/** Freezes the view; recording goes on, and it says how much waits. */
export function PauseButton() {
  const { log } = useHub().traffic;
  const { isPaused, waiting } = useSyncExternalStore(log.subscribe, log.snapshot);
  const Icon = isPaused ? Play : Pause;
  return (
    <Button
      onClick={() => log.setPaused(!isPaused)}
      title={text.pauseHint}
      aria-pressed={isPaused}
      className={isPaused ? 'border-accent! text-accent' : ''}
      icon={<Icon aria-hidden="true" className="size-3.5" />}
    >
      {isPaused ? text.resume : text.pause}
      <span role="status" className="empty:hidden">
        {isPaused && text.waiting(waiting)}
      </span>
    </Button>
  );
}
