import { type KeyboardEvent, useMemo, useState } from 'react';
import type { JsonIndex } from '../lib/json/json-index.ts';
import { type JsonOpenness, layOutJson } from '../lib/json/json-rows.ts';
import { withMore, withOpen } from '../lib/json/open-json.ts';
import { messages } from '../messages/messages.ts';
import { JsonLine } from './json-line.tsx';
import { LineList } from './line-list.tsx';

interface JsonViewProps {
  index: JsonIndex;
  label: string;
  openness: JsonOpenness;
  onOpenness(openness: JsonOpenness): void;
  /** The value that has the focus in the tree. */
  onActiveNode?(node: number): void;
  /** Marked wherever it stands. */
  query?: string;
  /** Brought into view: a value, and a place in the text of a string. A new object is a new wish. */
  wanted?: { node: number; position: number | null } | null;
}

const PAGE = 20;

/** A JSON value as a tree of lines that open and close. Everything in it is text. */
export function JsonView({
  index,
  label,
  openness,
  onOpenness,
  onActiveNode,
  query = '',
  wanted = null,
}: JsonViewProps) {
  const [columns, setColumns] = useState(80);
  const rows = useMemo(() => layOutJson(index, openness, columns), [index, openness, columns]);
  const [active, setActive] = useState(0);
  const activeRow = Math.min(active, rows.count - 1);
  const wantedRow = useMemo(() => {
    if (wanted === null) return null;
    const { node, position } = wanted;
    return { wish: wanted, row: position === null ? rows.rowOf(node) : rows.rowOfPosition(node, position) };
  }, [wanted, rows]);

  const activate = (row: number): void => {
    const target = Math.max(0, Math.min(rows.count - 1, row));
    setActive(target);
    onActiveNode?.(rows.at(target).node);
  };
  const use = (row: number): void => {
    const target = rows.at(row);
    if (target.kind === 'value') {
      if (target.canOpen) onOpenness(withOpen(openness, target.node, !target.isOpen));
    } else if (target.kind !== 'line') {
      const { length } = rows.string(target.node);
      onOpenness(withMore(openness, target.node, { length, where: target.kind }));
    }
  };

  const stepOut = (): void => {
    const { node, kind } = rows.at(activeRow);
    activate(kind === 'value' ? rows.rowOf(Math.max(0, index.parent(node))) : rows.rowOf(node));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const row = rows.at(activeRow);
    const isOpen = row.kind === 'value' && row.isOpen;
    const canOpen = row.kind === 'value' && row.canOpen;
    switch (event.key) {
      case 'ArrowDown':
        activate(activeRow + 1);
        break;
      case 'ArrowUp':
        activate(activeRow - 1);
        break;
      case 'PageDown':
        activate(activeRow + PAGE);
        break;
      case 'PageUp':
        activate(activeRow - PAGE);
        break;
      case 'Home':
        activate(0);
        break;
      case 'End':
        activate(rows.count - 1);
        break;
      case 'ArrowRight':
        if (canOpen && !isOpen) use(activeRow);
        else activate(activeRow + 1);
        break;
      case 'ArrowLeft':
        if (isOpen) use(activeRow);
        else stepOut();
        break;
      case 'Enter':
      case ' ':
        use(activeRow);
        break;
      default:
        return;
    }
    // The keys of the page, such as Space for pause, are for the list beside it.
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <>
      <LineList
        label={label}
        role="tree"
        count={rows.count}
        activeRow={activeRow}
        reveal={wantedRow}
        onColumns={setColumns}
        onKeyDown={onKeyDown}
        renderRow={(row, attributes) => (
          <JsonLine
            key={row}
            index={index}
            rows={rows}
            row={rows.at(row)}
            query={query}
            isActive={row === activeRow}
            isMatch={row === wantedRow?.row}
            attributes={attributes}
            onActivate={() => activate(row)}
            onUse={() => use(row)}
          />
        )}
      />
      {(rows.isLimited || index.isLimited) && (
        <p className="border-t border-line px-3 py-1 text-xs text-warn">
          {messages.json.limited(rows.count)}
        </p>
      )}
    </>
  );
}
