import { ArrowDownUp, FileText } from 'lucide-react';
import type { ReactNode } from 'react';
import type { FeedState } from '../../lib/traffic-feed.ts';
import { messages } from '../../messages/messages.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNotice, Notice } from '../../ui/notice.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import type { SortOrder } from './column-layout.ts';
import { closeFile, useOpenedFile } from './opened-file.ts';
import { changeView } from './traffic-view-store.ts';

const text = messages.traffic;

interface FeedNoticesProps {
  feed: FeedState;
  missed: number;
  onReload(): void;
  onContinue(): void;
}

/** What keeps the live list from being all there is. */
export function FeedNotices({ feed, missed, onReload, onContinue }: FeedNoticesProps) {
  const reload = <Button onClick={onReload}>{messages.common.reload}</Button>;
  return (
    <>
      {feed.error && (
        <ErrorNotice
          error={feed.error}
          className="m-2"
          actions={
            <>
              {feed.hasOlder && <Button onClick={onContinue}>{messages.common.retry}</Button>}
              {reload}
            </>
          }
        />
      )}
      {missed > 0 && (
        <Notice tone="warn" className="m-2 items-center!" actions={reload}>
          {text.missed(missed)}
        </Notice>
      )}
    </>
  );
}

interface SearchLineProps {
  feed: FeedState;
  isFull: boolean;
  onStop(): void;
  onContinue(): void;
}

/** Above the oldest row: what is older than it, and how far the search for that is. */
export function SearchLine({ feed, isFull, onStop, onContinue }: SearchLineProps) {
  if (feed.isLoadingOlder) {
    return (
      <span className="flex items-center gap-2">
        <SearchProgress scanned={feed.scanned ?? 0} />
        <LineButton onClick={onStop}>{text.stopSearch}</LineButton>
      </span>
    );
  }
  if (!feed.hasOlder) return text.startOfHistory;
  if (isFull) return text.viewFull;
  return (
    <span className="flex items-center gap-2">
      {feed.isStopped && text.searchStopped}
      <LineButton onClick={onContinue}>{feed.isStopped ? text.continueSearch : text.loadOlder}</LineButton>
    </span>
  );
}

/** How much of the log a search has looked at. */
export function SearchProgress({ scanned }: { scanned: number }) {
  return (
    <span className="flex items-center gap-2">
      <span>{text.searching(scanned)}</span>
      <progress
        aria-label={text.searching(scanned)}
        max={1}
        value={scanned}
        className="h-1 w-24 appearance-none overflow-hidden rounded-full [&::-webkit-progress-bar]:bg-sunken [&::-webkit-progress-value]:bg-accent"
      />
    </span>
  );
}

const LineButton = ({ onClick, children }: { onClick(): void; children: ReactNode }) => (
  <button
    type="button"
    onClick={onClick}
    className="rounded px-1.5 text-accent underline-offset-2 hover:underline"
  >
    {children}
  </button>
);

/** Says that another order is only one of what is loaded. */
export function SortNote({ sort, count, hasOlder }: { sort: SortOrder; count: number; hasOlder: boolean }) {
  if (sort === null) return null;
  return (
    <Bar icon={<ArrowDownUp aria-hidden="true" className="size-3.5 shrink-0" />}>
      <span className="min-w-0 flex-1 truncate">
        {text.sortedBy(text.columns[sort.column], sort.isDescending)}{' '}
        <span className="text-muted">{hasOlder ? text.sortedWithin(count) : text.sortedAll(count)}</span>
      </span>
      <Button variant="quiet" className="h-6!" onClick={() => changeView({ sort: null })}>
        {text.sortNot}
      </Button>
    </Bar>
  );
}

/** Says that this is a file and not what happens now. */
export function FileBanner() {
  const { file, error, phase } = useOpenedFile();
  return (
    <>
      {error && (
        <ErrorNotice
          error={error}
          className="m-2"
          actions={
            <Button onClick={() => useOpenedFile.setState({ error: null })}>{messages.common.close}</Button>
          }
        />
      )}
      {phase === 'reading' && (
        <Notice tone="info" className="m-2">
          {text.file.reading}
        </Notice>
      )}
      {file && (
        <Bar isStrong icon={<FileText aria-hidden="true" className="size-3.5 shrink-0 text-warn" />}>
          <span role="status" className="min-w-0 flex-1 truncate">
            <span className="font-medium">{text.file.readOnly}</span> <SafeText text={file.name} />
            <span className="text-muted"> · {text.file.holds(file.rows.length)}</span>
            {file.leftOut > 0 && <span className="text-warn"> · {text.file.leftOut(file.leftOut)}</span>}
          </span>
          <Button className="h-6!" onClick={closeFile}>
            {text.file.close}
          </Button>
        </Bar>
      )}
    </>
  );
}

interface CompareBarProps {
  count: number;
  onCompare(): void;
  onClear(): void;
}

/** What is picked for a comparison of two calls. */
export function CompareBar({ count, onCompare, onClear }: CompareBarProps) {
  if (count === 0) return null;
  return (
    <Bar icon={<ArrowDownUp aria-hidden="true" className="size-3.5 shrink-0 rotate-90 text-accent" />}>
      <span role="status" className="min-w-0 flex-1 truncate">
        {text.compare.picked(count)}{' '}
        {count === 1 && <span className="text-muted">{text.compare.oneMore}</span>}
      </span>
      <Button className="h-6!" disabled={count !== 2} onClick={onCompare}>
        {text.compare.compare}
      </Button>
      <Button variant="quiet" className="h-6!" onClick={onClear}>
        {text.compare.clear}
      </Button>
    </Bar>
  );
}

interface BarProps {
  icon: ReactNode;
  isStrong?: boolean;
  children: ReactNode;
}

const Bar = ({ icon, isStrong = false, children }: BarProps) => (
  <div
    className={`flex min-h-8 shrink-0 items-center gap-2 border-b border-line px-4 text-xs ${isStrong ? 'bg-warn-soft' : 'bg-canvas'}`}
  >
    {icon}
    {children}
  </div>
);
