import { type KeyboardEvent, type PointerEvent, useState } from 'react';
import { classNames } from './class-names.ts';

interface SplitHandleProps {
  label: string;
  /** Share of the room that the part to the right takes, in percent. */
  percent: number;
  min: number;
  max: number;
  onPercent(percent: number): void;
}

const STEP = 2;

/** The border between two parts, moved by pointer or arrow keys. */
export function SplitHandle({ label, percent, min, max, onPercent }: SplitHandleProps) {
  const [isDragged, setDragged] = useState(false);
  const set = (value: number): void => onPercent(Math.round(Math.min(max, Math.max(min, value)) * 10) / 10);
  const onPointerMove = (event: PointerEvent<HTMLDivElement>): void => {
    const room = event.currentTarget.parentElement?.parentElement?.getBoundingClientRect();
    if (isDragged && room) set(((room.right - event.clientX) / room.width) * 100);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const moves: Partial<Record<string, number>> = {
      ArrowLeft: percent + STEP,
      ArrowRight: percent - STEP,
      Home: max,
      End: min,
    };
    const target = moves[event.key];
    if (target === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    set(target);
  };
  return (
    <div
      role="separator"
      aria-label={label}
      aria-orientation="vertical"
      aria-valuenow={Math.round(percent)}
      aria-valuemin={min}
      aria-valuemax={max}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        setDragged(true);
      }}
      onPointerMove={onPointerMove}
      onPointerUp={() => setDragged(false)}
      onLostPointerCapture={() => setDragged(false)}
      className={classNames(
        'absolute inset-y-0 -left-1 z-10 w-2 cursor-col-resize touch-none after:absolute after:inset-y-0 after:left-[3px] after:w-0.5 hover:after:bg-accent',
        isDragged && 'after:bg-accent',
      )}
    />
  );
}
