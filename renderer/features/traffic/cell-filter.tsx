import { ListFilter, ListX } from 'lucide-react';
import { type RefObject, useEffect, useEffectEvent, useState } from 'react';
import type { Exchange } from '../../../shared/model/exchange.ts';
import { visibleText } from '../../lib/visible-text.ts';
import { messages } from '../../messages/messages.ts';
import { termOfCell, type TermPlace } from './cell-term.ts';

interface CellFilterProps {
  scroller: RefObject<HTMLElement | null>;
  rowOf(id: number): Exchange | undefined;
  onTerm(term: string): void;
}

interface Hovered {
  term: string;
  /** Pixels from the top and the left of the list. */
  top: number;
  right: number;
}

/**
 * Two small buttons over the cell under the pointer: only these, and all but these. One pair for the whole list, so
 * that rows cost nothing for it. The palette offers the same for the current row.
 */
export function CellFilter({ scroller, rowOf, onTerm }: CellFilterProps) {
  const [hovered, setHovered] = useState<Hovered | null>(null);

  const onOver = useEffectEvent((event: PointerEvent) => {
    const cell = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-column]') : null;
    const row = cell?.closest<HTMLElement>('[data-exchange]');
    const exchange = row ? rowOf(Number(row.dataset.exchange)) : undefined;
    const term = exchange ? termOfCell(cell!.dataset.column as TermPlace, exchange) : null;
    if (term === null) return setHovered(null);
    const list = scroller.current!.getBoundingClientRect();
    const box = cell!.getBoundingClientRect();
    setHovered({ term, top: box.top + box.height / 2 - list.top, right: list.right - box.right });
  });

  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const over = (event: PointerEvent): void => onOver(event);
    const leave = (event: PointerEvent): void => {
      // On its own buttons the pointer is still on the cell.
      if (event.relatedTarget instanceof Element && event.relatedTarget.closest('[data-cell-filter]')) return;
      setHovered(null);
    };
    const hide = (): void => setHovered(null);
    element.addEventListener('pointerover', over);
    element.addEventListener('pointerleave', leave);
    element.addEventListener('scroll', hide, { passive: true });
    return () => {
      element.removeEventListener('pointerover', over);
      element.removeEventListener('pointerleave', leave);
      element.removeEventListener('scroll', hide);
    };
  }, [scroller]);

  if (!hovered) return null;
  const shown = visibleText(hovered.term);
  const add = (term: string) => (): void => {
    setHovered(null);
    onTerm(term);
  };
  const button = 'grid size-5 place-items-center text-muted hover:bg-hover hover:text-ink';
  return (
    <span
      data-cell-filter=""
      onPointerLeave={() => setHovered(null)}
      className="absolute z-10 flex -translate-y-1/2 overflow-hidden rounded border border-line bg-raised"
      style={{ top: hovered.top, right: hovered.right }}
    >
      <button
        type="button"
        tabIndex={-1}
        title={messages.traffic.onlyThese(shown)}
        aria-label={messages.traffic.onlyThese(shown)}
        onClick={add(hovered.term)}
        className={button}
      >
        <ListFilter aria-hidden="true" className="size-3" />
      </button>
      <button
        type="button"
        tabIndex={-1}
        title={messages.traffic.withoutThese(shown)}
        aria-label={messages.traffic.withoutThese(shown)}
        onClick={add(`-${hovered.term}`)}
        className={button}
      >
        <ListX aria-hidden="true" className="size-3" />
      </button>
    </span>
  );
}
