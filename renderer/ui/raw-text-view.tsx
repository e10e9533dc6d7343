import { useMemo, useState } from 'react';
import { formatBytes } from '../lib/format.ts';
import type { JsonRow } from '../lib/json/json-rows.ts';
import { firstWindow, type StringWindow, widenWindow, windowAround } from '../lib/json/string-window.ts';
import { layOutText } from '../lib/json/text-rows.ts';
import { lineText } from '../lib/json/wrap-text.ts';
import { messages } from '../messages/messages.ts';
import { lineClass, LineList } from './line-list.tsx';
import { MarkedText } from './marked-text.tsx';

interface RawTextViewProps {
  label: string;
  text: string;
  query?: string;
  /** Brought into view. A new object is a new wish. */
  wanted?: { position: number } | null;
}

/** A text as it came, of any length: a part of it, and more on request. */
export function RawTextView({ label, text, query = '', wanted = null }: RawTextViewProps) {
  const [columns, setColumns] = useState(80);
  const [chosen, setWindow] = useState<StringWindow | null>(null);
  const [shownWish, setShownWish] = useState<object | null>(null);
  let window = chosen ?? firstWindow(text.length);
  if (wanted !== null && wanted !== shownWish) {
    window = windowAround(window, text.length, wanted.position);
    setShownWish(wanted);
    setWindow(window);
  }
  const { from, to } = window;
  const rows = useMemo(() => layOutText(text, { from, to }, columns), [text, from, to, columns]);
  const wantedRow = useMemo(
    () => wanted && { wish: wanted, row: rows.rowOfPosition(0, wanted.position) },
    [wanted, rows],
  );
  return (
    <LineList
      label={label}
      role="list"
      count={rows.count}
      activeRow={-1}
      reveal={wantedRow}
      onColumns={setColumns}
      renderRow={(row, attributes) => (
        <div key={row} role="listitem" {...attributes} className={lineClass(false, row === wantedRow?.row)}>
          <Line
            row={rows.at(row)}
            text={text}
            query={query}
            onMore={(where) => setWindow(widenWindow(window, text.length, where))}
          />
        </div>
      )}
    />
  );
}

interface LineProps {
  row: JsonRow;
  text: string;
  query: string;
  onMore(where: 'before' | 'after'): void;
}

function Line({ row, text, query, onMore }: LineProps) {
  if (row.kind === 'line') {
    return (
      <span className="pl-2">
        <MarkedText text={lineText(text, row.start, row.end)} query={query} />
      </span>
    );
  }
  if (row.kind === 'value') return null;
  return (
    <button
      type="button"
      className="ml-2 rounded-sm bg-sunken px-1 font-sans text-accent hover:underline"
      onClick={() => onMore(row.kind)}
    >
      {messages.json[row.kind === 'before' ? 'showBefore' : 'showAfter'](formatBytes(row.left))}
    </button>
  );
}
