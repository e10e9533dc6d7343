import { type DragEvent, useEffect, useEffectEvent, useRef, useState } from 'react';
import { HubProvider, useHub } from '../../lib/hub-context.tsx';
import { navigate } from '../../lib/route.ts';
import { messages } from '../../messages/messages.ts';
import { Screen } from '../../ui/screen.tsx';
import { ExchangePanel } from '../exchange/exchange-panel.tsx';
import { ColumnsMenu } from './columns-menu.tsx';
import { ExportMenu, ExportNotice } from './export-menu.tsx';
import { createFileHub, type FileHub } from './file-hub.ts';
import { FilterBox } from './filter-box.tsx';
import { FilterChips } from './filter-chips.tsx';
import { withTerm } from './filter-terms.ts';
import { FileHistogram, Histogram } from './histogram.tsx';
import { CompareBar, FileBanner } from './list-notices.tsx';
import { PauseButton, RowCounts } from './live-figures.tsx';
import { openFile, type OpenedFile } from './opened-file.ts';
import { SavedFilters } from './saved-filters.tsx';
import { SendSpansDialog } from './send-spans-dialog.tsx';
import { TimeRange } from './time-range.tsx';
import type { GridHandle } from './traffic-grid.tsx';
import { TrafficList } from './traffic-list.tsx';
import { changeView, useTrafficView } from './traffic-view-store.ts';
import { useExport } from './use-export.ts';
import { useFilterText } from './use-filter-text.ts';
import { useKnownValues } from './use-known-values.ts';
import { useTrafficCommands } from './use-traffic-commands.ts';
import { useTrafficSource } from './use-traffic-source.ts';

const text = messages.traffic;

interface TrafficScreenProps {
  filter: string;
  /** The exchange whose detail is open. */
  exchange: number | null;
}

type Popup = 'saved' | 'time' | 'export' | 'spans';

/** The live log: filter first, then what happened over time, then the list, with the chosen exchange beside it. */
export function TrafficScreen({ filter, exchange }: TrafficScreenProps) {
  const { traffic } = useHub();
  const { file, fileRows, fileRowsAnyTime, marks } = useTrafficSource(filter);
  const { collapsesRuns, showsHistogram } = useTrafficView();
  const known = useKnownValues();
  const exporting = useExport();
  const [activeId, setActiveId] = useState(exchange);
  const [compared, setCompared] = useState<readonly number[]>([]);
  const [popup, setPopup] = useState<Popup | null>(null);
  const filterInput = useRef<HTMLInputElement>(null);
  const fileInput = useRef<HTMLInputElement>(null);
  const grid = useRef<GridHandle>(null);

  const goTo = (next: string, open: number | null): void =>
    navigate({ screen: 'traffic', filter: next, exchange: open }, { replace: true });
  const filterText = useFilterText(filter, (next) => goTo(next, exchange));
  const open = (id: number | null): void => goTo(filter, id);
  // Ids of a file and ids of the log are no relatives.
  const shownFile = useRef(file);
  const onOtherFile = useEffectEvent(() => {
    setActiveId(null);
    setCompared([]);
    open(null);
  });
  useEffect(() => {
    if (shownFile.current === file) return;
    shownFile.current = file;
    onOtherFile();
  }, [file]);
  const toggleCompare = (id: number): void =>
    // A third pick takes the place of the older one.
    setCompared(
      compared.includes(id) ? compared.filter((other) => other !== id) : [...compared, id].slice(-2),
    );
  const compare = (): void => {
    const [first, second] = compared;
    if (first === undefined || second === undefined) return;
    navigate({
      screen: 'traffic',
      filter,
      exchange: Math.min(first, second),
      compare: Math.max(first, second),
    });
  };
  const rowsNow = () => fileRows ?? traffic.log.snapshot();
  const togglePause = (): void => traffic.log.setPaused(!traffic.log.snapshot().isPaused);
  const addTerm = (term: string): void => filterText.setText(withTerm(filterText.text, term));
  const popupProps = (which: Popup) => ({
    isOpen: popup === which,
    // A menu that closes because it opened another one leaves that open.
    onOpenChange: (isOpen: boolean) => setPopup((now) => (isOpen ? which : now === which ? null : now)),
  });

  useTrafficCommands(
    {
      next: () => grid.current?.move(1),
      previous: () => grid.current?.move(-1),
      open: () => grid.current?.openActive(),
      toggleCompare: () => grid.current?.toggleCompareActive(),
      compare,
      close: () => open(null),
      focusFilter: () => filterInput.current?.focus(),
      togglePause: () => file === null && togglePause(),
      follow: () => grid.current?.follow(),
      toggleCollapse: () => changeView({ collapsesRuns: !collapsesRuns }),
      toggleHistogram: () => changeView({ showsHistogram: !showsHistogram }),
      openExportMenu: () => setPopup('export'),
      openSavedFilters: () => setPopup('saved'),
      openTimeRange: () => setPopup('time'),
      sendSpans: () => setPopup('spans'),
      openFile: () => fileInput.current?.click(),
      clearFilter: () => filterText.setText(''),
      addTerm,
    },
    activeId === null ? null : (rowsNow().rowAt(rowsNow().indexOf(activeId)) ?? null),
  );

  const onDrop = (event: DragEvent): void => {
    const dropped = event.dataTransfer.files[0];
    if (!dropped) return;
    event.preventDefault();
    void openFile(dropped);
  };

  return (
    <Screen
      title={text.title}
      controls={
        <>
          <FilterBox
            label={text.filterLabel}
            placeholder={text.filterPlaceholder}
            value={filterText.text}
            known={known}
            problem={filterText.problem}
            onChange={filterText.setText}
            inputRef={filterInput}
            shortcut={text.filterShortcut}
          />
          <div className="flex items-center gap-1">
            <SavedFilters filter={filter} onChoose={filterText.setText} {...popupProps('saved')} />
            <TimeRange filter={filterText.text} onChange={filterText.setText} {...popupProps('time')} />
          </div>
          <RowCounts fileRows={fileRows} />
          <div className="flex items-center gap-1">
            {file === null && <PauseButton />}
            <ExportMenu
              canExport={file === null}
              hasFilter={filter !== ''}
              onExport={(format) => exporting.start(format, filter)}
              onSendSpans={() => setPopup('spans')}
              onOpenFile={() => fileInput.current?.click()}
              {...popupProps('export')}
            />
            <ColumnsMenu />
          </div>
          <input
            ref={fileInput}
            type="file"
            hidden
            aria-label={text.export.openFile}
            accept=".har,.jsonl,.json"
            onChange={(event) => {
              const chosen = event.target.files?.[0];
              if (chosen) void openFile(chosen);
              // The same file may be chosen again.
              event.target.value = '';
            }}
          />
        </>
      }
    >
      <div className="flex h-full min-h-0" onDragOver={(event) => event.preventDefault()} onDrop={onDrop}>
        <div className="flex min-w-0 flex-1 flex-col">
          <FileBanner />
          <FilterChips value={filterText.text} onChange={filterText.setText} />
          {showsHistogram &&
            (file ? (
              <FileHistogram
                rows={file.rows}
                matching={fileRowsAnyTime}
                draft={filterText.text}
                onChange={filterText.setText}
              />
            ) : (
              <Histogram filter={filter} draft={filterText.text} onChange={filterText.setText} />
            ))}
          <ExportNotice {...exporting} />
          <CompareBar count={compared.length} onCompare={compare} onClear={() => setCompared([])} />
          <TrafficList
            grid={grid}
            filter={filter}
            file={file}
            fileRows={fileRows}
            marks={marks}
            activeId={activeId}
            openId={exchange}
            compared={compared}
            onActivate={(id) => {
              setActiveId(id);
              if (exchange !== null) open(id);
            }}
            onOpen={open}
            onToggleCompare={toggleCompare}
            onTerm={addTerm}
            onClearFilter={() => filterText.setText('')}
          />
        </div>
        {exchange !== null && <DetailOf file={file} id={exchange} onClose={() => open(null)} />}
      </div>
      <SendSpansDialog isOpen={popup === 'spans'} onClose={() => setPopup(null)} filter={filter} />
    </Screen>
  );
}

/** The detail beside the list; of a file it asks the file. */
function DetailOf({ file, id, onClose }: { file: OpenedFile | null; id: number; onClose(): void }) {
  const [fileHub, setFileHub] = useState<FileHub | null>(null);
  useEffect(() => {
    if (!file) return;
    const made = createFileHub(file);
    setFileHub(made);
    return () => {
      made.dispose();
      setFileHub(null);
    };
  }, [file]);
  if (!file) return <ExchangePanel id={id} onClose={onClose} />;
  return (
    fileHub && (
      <HubProvider value={fileHub}>
        <ExchangePanel id={id} onClose={onClose} />
      </HubProvider>
    )
  );
}
