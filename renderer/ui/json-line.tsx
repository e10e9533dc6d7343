import { ChevronDown, ChevronRight } from 'lucide-react';
import { formatBytes, plural } from '../lib/format.ts';
import type { JsonIndex } from '../lib/json/json-index.ts';
import { type JsonRow, type JsonRows, INDENT_COLUMNS, MAX_INDENT } from '../lib/json/json-rows.ts';
import { lineText } from '../lib/json/wrap-text.ts';
import { messages } from '../messages/messages.ts';
import { type LineAttributes, lineClass } from './line-list.tsx';
import { MarkedText } from './marked-text.tsx';

interface JsonLineProps {
  index: JsonIndex;
  rows: JsonRows;
  row: JsonRow;
  query: string;
  isActive: boolean;
  isMatch: boolean;
  attributes: LineAttributes;
  /** Clicked: opens, closes, or shows more. */
  onUse(): void;
  onActivate(): void;
}

/** One line of a JSON tree. */
export function JsonLine(props: JsonLineProps) {
  const { index, rows, row, query, isActive, isMatch, attributes, onUse, onActivate } = props;
  const depth = index.depth(row.node);
  const level = Math.min(depth, MAX_INDENT) + (row.kind === 'value' ? 0 : 1);
  const canUse = row.kind === 'value' ? row.canOpen : row.kind !== 'line';
  return (
    <div
      {...attributes}
      role="treeitem"
      aria-level={depth + (row.kind === 'value' ? 1 : 2)}
      aria-expanded={row.kind === 'value' && row.canOpen ? row.isOpen : undefined}
      aria-selected={isActive}
      onClick={() => {
        onActivate();
        if (canUse && window.getSelection()?.isCollapsed !== false) onUse();
      }}
      className={lineClass(isActive, isMatch)}
      style={{ ...attributes.style, paddingLeft: `${level * INDENT_COLUMNS}ch` }}
    >
      {row.kind === 'value' && <Value index={index} row={row} query={query} />}
      {row.kind === 'line' && (
        <span className="ml-1.5 inline-block h-5 border-l-2 border-line pl-1.5 align-top text-syntax-string">
          <MarkedText text={lineText(rows.string(row.node), row.start, row.end)} query={query} />
        </span>
      )}
      {(row.kind === 'before' || row.kind === 'after') && (
        <button
          type="button"
          tabIndex={-1}
          className="ml-1.5 rounded-sm bg-sunken px-1 font-sans text-accent hover:underline"
        >
          {messages.json[row.kind === 'before' ? 'showBefore' : 'showAfter'](formatBytes(row.left))}
        </button>
      )}
    </div>
  );
}

function Value({ index, row, query }: { index: JsonIndex; row: JsonRow & { kind: 'value' }; query: string }) {
  const { node, canOpen, isOpen } = row;
  const Icon = isOpen ? ChevronDown : ChevronRight;
  const depth = index.depth(node);
  return (
    <>
      <span className="inline-block w-[2ch]">
        {canOpen && <Icon aria-hidden="true" className="inline size-3 text-faint" />}
      </span>
      {depth > MAX_INDENT && (
        <span
          title={messages.json.depth(depth)}
          className="mr-1 rounded-sm bg-sunken px-1 text-2xs text-faint"
        >
          {depth}
        </span>
      )}
      {index.keyStart(node) !== -1 && (
        <>
          <span className="text-syntax-key">
            <MarkedText text={index.keyStartText(node)} query={query} />
          </span>
          <span className="text-muted">: </span>
        </>
      )}
      <Shown index={index} row={row} query={query} />
      {index.isCut(node) && <span className="ml-1 text-warn">{messages.json.cut}</span>}
    </>
  );
}

/** Number of characters that stand for a closed string. */
const PREVIEW = 200;

function Shown({ index, row, query }: { index: JsonIndex; row: JsonRow & { kind: 'value' }; query: string }) {
  const { node, canOpen, isOpen } = row;
  const kind = index.kind(node);
  if (kind === 'literal') {
    return (
      <span className="text-syntax-number">
        <MarkedText text={index.raw(node).slice(0, PREVIEW * 2)} query={query} />
      </span>
    );
  }
  if (kind === 'string') {
    const size = formatBytes(index.end(node) - index.start(node) - 2);
    if (canOpen && isOpen)
      return <span className="font-sans text-2xs text-muted">{messages.json.text(size)}</span>;
    const preview = index.stringStartText(node).replaceAll('\n', '⏎').replaceAll('\t', '⇥');
    return (
      <>
        <span className="text-syntax-string">
          "<MarkedText text={canOpen ? preview.slice(0, PREVIEW) : preview} query={query} />"
        </span>
        {canOpen && <span className="ml-1.5 font-sans text-2xs text-muted">{size}</span>}
      </>
    );
  }
  const [open, close] = kind === 'object' ? ['{', '}'] : ['[', ']'];
  const count = index.childCount(node);
  return (
    <span className="text-muted">
      {count === 0
        ? `${open}${close}`
        : isOpen
          ? open
          : `${open} ${plural(count, messages.json[kind])} ${close}`}
    </span>
  );
}
