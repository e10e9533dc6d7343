import { type RefObject, useCallback, useSyncExternalStore } from 'react';
import type { LogSnapshot } from '../../lib/exchange-log.ts';
import { useHub } from '../../lib/hub-context.tsx';
import { FeedNotices, SearchLine, SortNote } from './list-notices.tsx';
import { NoRows } from './no-rows.tsx';
import type { OpenedFile } from './opened-file.ts';
import { type GridHandle, TrafficGrid, type TrafficGridProps } from './traffic-grid.tsx';
import { useTrafficView } from './traffic-view-store.ts';
import { useRows } from './use-traffic-source.ts';

interface TrafficListProps extends Omit<TrafficGridProps, 'ref' | 'snapshot' | 'head' | 'onNearTop'> {
  grid: RefObject<GridHandle | null>;
  filter: string;
  file: OpenedFile | null;
  fileRows: LogSnapshot | null;
  onClearFilter(): void;
}

/** The rows with what is to be said about them. All that is drawn again for each batch of rows is in here. */
export function TrafficList({ grid, filter, file, fileRows, onClearFilter, ...rest }: TrafficListProps) {
  const { traffic } = useHub();
  const feed = useSyncExternalStore(traffic.subscribe, traffic.state);
  const rows = useRows(fileRows);
  const { sort } = useTrafficView();
  const loadOlder = useCallback(() => void traffic.loadOlder(), [traffic]);
  const search = {
    onStop: () => traffic.stopSearch(),
    onContinue: () => void traffic.continueSearch(),
  };
  const isLive = file === null;
  return (
    <>
      {isLive && (
        <FeedNotices
          feed={feed}
          missed={rows.missed}
          onReload={() => traffic.reload()}
          onContinue={search.onContinue}
        />
      )}
      <SortNote sort={sort} count={rows.rowCount} hasOlder={isLive && feed.hasOlder} />
      <div className="min-h-0 flex-1">
        {rows.rowCount === 0 ? (
          <NoRows
            feed={feed}
            hasFilter={filter !== ''}
            isFile={!isLive}
            onClearFilter={onClearFilter}
            {...search}
          />
        ) : (
          <TrafficGrid
            // Another filter is another list: it starts at its newest row.
            key={`${file?.name ?? ''} ${filter}`}
            ref={grid}
            snapshot={rows}
            head={isLive && <SearchLine feed={feed} isFull={traffic.log.isFull} {...search} />}
            onNearTop={loadOlder}
            {...rest}
          />
        )}
      </div>
    </>
  );
}
