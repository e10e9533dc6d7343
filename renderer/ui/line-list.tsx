import {
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
  useEffect,
  useEffectEvent,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { classNames } from './class-names.ts';

export const LINE_HEIGHT = 20;
const OVERSCAN = 10;
/** Characters in the probe that tells how wide one is. */
const PROBE = '0'.repeat(50);

interface LineListProps {
  label: string;
  /** `tree` for rows that open; `list` for plain lines. */
  role: 'tree' | 'list';
  count: number;
  activeRow: number;
  /** A line to bring into view, once for each new wish: later changes of the lines must not scroll again. */
  reveal: { row: number; wish: object } | null;
  /** How many characters fit into a line. */
  onColumns(columns: number): void;
  onKeyDown?(event: KeyboardEvent): void;
  renderRow(row: number, attributes: LineAttributes): ReactNode;
}

/** What a row must carry to stand in its place. */
export interface LineAttributes {
  id: string;
  style: { top: number };
}

/**
 * Lines of equal height in a fixed-width face, of which only those in view are drawn: a million of them cost no more
 * than fifty.
 */
export function LineList(props: LineListProps) {
  const { label, role, count, activeRow, reveal, onColumns, onKeyDown, renderRow } = props;
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const probe = useRef<HTMLSpanElement>(null);
  const [view, setView] = useState({ top: 0, height: 400 });
  useColumns(box, probe, onColumns, (height) => setView((old) => ({ ...old, height })));

  const show = useEffectEvent((row: number) => {
    const element = box.current;
    if (!element) return;
    const top = row * LINE_HEIGHT;
    const isInView =
      top >= element.scrollTop && top + LINE_HEIGHT <= element.scrollTop + element.clientHeight;
    if (!isInView) element.scrollTop = Math.max(0, top - element.clientHeight / 3);
  });
  const wish = reveal?.wish ?? null;
  const revealedRow = reveal?.row ?? -1;
  const shown = useRef<object | null>(null);
  useEffect(() => {
    if (wish === null || revealedRow < 0 || shown.current === wish) return;
    shown.current = wish;
    show(revealedRow);
  }, [wish, revealedRow]);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element || document.activeElement !== element) return;
    const top = activeRow * LINE_HEIGHT;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + LINE_HEIGHT > element.scrollTop + element.clientHeight)
      element.scrollTop = top + LINE_HEIGHT - element.clientHeight;
  }, [activeRow]);

  const first = Math.max(0, Math.floor(view.top / LINE_HEIGHT) - OVERSCAN);
  const last = Math.min(count, Math.ceil((view.top + view.height) / LINE_HEIGHT) + OVERSCAN);
  const rows: ReactNode[] = [];
  for (let row = first; row < last; row += 1) {
    rows.push(renderRow(row, { id: `${id}-${row}`, style: { top: row * LINE_HEIGHT } }));
  }
  const isActiveDrawn = activeRow >= first && activeRow < last;
  return (
    <div
      ref={box}
      role={role}
      aria-label={label}
      aria-activedescendant={role === 'tree' && isActiveDrawn ? `${id}-${activeRow}` : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onScroll={(event) => {
        const { scrollTop: top, clientHeight: height } = event.currentTarget;
        setView({ top, height });
      }}
      className="group/lines relative min-h-0 flex-auto overflow-auto font-mono text-xs -outline-offset-2"
    >
      <span ref={probe} aria-hidden="true" className="invisible absolute">
        {PROBE}
      </span>
      <div className="relative w-full" style={{ height: count * LINE_HEIGHT }}>
        {rows}
      </div>
    </div>
  );
}

/** Classes every row has. */
export const lineClass = (isActive: boolean, isMatch: boolean): string =>
  classNames(
    'absolute right-0 left-0 h-5 min-w-full w-max whitespace-pre leading-5',
    isMatch ? 'bg-warn-soft' : 'hover:bg-hover',
    isActive && '-outline-offset-1 outline-accent group-focus/lines:outline-1',
  );

function useColumns(
  box: RefObject<HTMLDivElement | null>,
  probe: RefObject<HTMLSpanElement | null>,
  onColumns: (columns: number) => void,
  onHeight: (height: number) => void,
): void {
  const report = useRef({ onColumns, onHeight });
  useLayoutEffect(() => {
    report.current = { onColumns, onHeight };
  });
  useLayoutEffect(() => {
    const element = box.current;
    const sample = probe.current;
    if (!element || !sample) return;
    const measure = (): void => {
      const characterWidth = sample.getBoundingClientRect().width / PROBE.length;
      if (characterWidth > 0) report.current.onColumns(Math.floor(element.clientWidth / characterWidth));
      report.current.onHeight(element.clientHeight);
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [box, probe]);
}
