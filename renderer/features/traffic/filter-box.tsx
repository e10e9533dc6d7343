import { Search, X } from 'lucide-react';
import { type KeyboardEvent, type RefObject, useId, useLayoutEffect, useRef, useState } from 'react';
import type { KnownValues } from '../../../shared/filter/complete-filter.ts';
import type { FilterError } from '../../../shared/filter/filter.ts';
import { messages } from '../../messages/messages.ts';
import { IconButton } from '../../ui/button.tsx';
import { classNames } from '../../ui/class-names.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { useCompletions } from './use-completions.ts';

const text = messages.traffic;

interface FilterBoxProps {
  label: string;
  placeholder: string;
  value: string;
  problem: FilterError | null;
  onChange(value: string): void;
  /** Names to offer while typing. */
  known: KnownValues;
  inputRef?: RefObject<HTMLInputElement | null>;
  /** Shown at the end of the empty box. */
  shortcut?: string;
}

/**
 * The query box: completes fields and names, and says where a text stops being a filter; what was filtered before
 * stays in use meanwhile.
 */
export function FilterBox({
  label,
  placeholder,
  value,
  problem,
  onChange,
  known,
  inputRef,
  shortcut,
}: FilterBoxProps) {
  const id = useId();
  const ownRef = useRef<HTMLInputElement>(null);
  const input = inputRef ?? ownRef;
  const completion = useCompletions(known);
  const [cursor, setCursor] = useState<number | null>(null);
  const [scrolled, setScrolled] = useState(0);
  const { list } = completion;

  // A controlled input puts the cursor at the end when its text is replaced.
  useLayoutEffect(() => {
    if (cursor !== null) input.current?.setSelectionRange(cursor, cursor);
    setCursor(null);
  }, [cursor, input]);

  const offer = (next: string): void => completion.open(next, input.current?.selectionStart ?? next.length);
  const accept = (option: string): void => {
    const done = completion.accept(value, option);
    onChange(done.text);
    setCursor(done.cursor);
    if (option.endsWith(':')) completion.open(done.text, done.cursor);
    else completion.close();
    input.current?.focus();
  };

  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    const chosen = list?.options[list.active];
    if (event.key === 'ArrowDown') {
      if (list) completion.move(1);
      else offer(value);
    } else if (event.key === 'ArrowUp' && list) completion.move(-1);
    else if ((event.key === 'Enter' || event.key === 'Tab') && chosen !== undefined) accept(chosen);
    else if (event.key === 'Enter' && list) completion.close();
    else if (event.key === 'Escape' && list) completion.close();
    else if (event.key === 'Escape' && value !== '') onChange('');
    else return;
    event.preventDefault();
  };

  return (
    <search className="relative min-w-0 flex-1 basis-64">
      <Search aria-hidden="true" className="pointer-events-none absolute top-1.5 left-2 size-4 text-faint" />
      <input
        ref={input}
        type="text"
        role="combobox"
        aria-label={label}
        aria-autocomplete="list"
        aria-expanded={list !== null}
        aria-controls={list ? `${id}-options` : undefined}
        aria-activedescendant={list && list.active >= 0 ? `${id}-${list.active}` : undefined}
        aria-invalid={problem !== null}
        aria-describedby={problem ? `${id}-problem` : undefined}
        value={value}
        onChange={(event) => {
          onChange(event.target.value);
          offer(event.target.value);
        }}
        onKeyDown={onKeyDown}
        onBlur={completion.close}
        onScroll={(event) => setScrolled(event.currentTarget.scrollLeft)}
        placeholder={placeholder}
        spellCheck={false}
        autoComplete="off"
        className={classNames(
          'h-7 w-full truncate rounded-md border bg-sunken pr-8 pl-8 font-mono text-xs text-ink placeholder:font-sans placeholder:text-faint',
          problem ? 'border-danger' : 'border-line',
        )}
      />
      {problem && (
        // The same letters in the same place, invisible but for the line under those that are wrong.
        <div
          aria-hidden="true"
          className="pointer-events-none absolute inset-y-0 right-8 left-8 overflow-hidden font-mono text-xs leading-7 whitespace-pre text-transparent"
        >
          <span className="inline-block" style={{ transform: `translateX(${-scrolled}px)` }}>
            {value.slice(0, problem.start)}
            <span className="border-b-2 border-dotted border-danger pb-px">
              {value.slice(problem.start, Math.max(problem.end, problem.start + 1)) || ' '}
            </span>
          </span>
        </div>
      )}
      {value !== '' ? (
        <IconButton
          label={text.clearFilter}
          icon={<X className="size-3.5" />}
          onClick={() => onChange('')}
          className="absolute top-0 right-0"
        />
      ) : (
        shortcut && (
          <kbd
            aria-hidden="true"
            className="pointer-events-none absolute top-1 right-1.5 rounded border border-line bg-surface px-1.5 font-mono text-2xs leading-[1.125rem] text-muted"
          >
            {shortcut}
          </kbd>
        )
      )}
      {(list !== null || problem !== null) && (
        <div className="absolute top-full left-0 z-20 mt-1 flex max-w-full flex-col gap-1">
          {list && (
            <ul
              id={`${id}-options`}
              role="listbox"
              aria-label={text.completions}
              className="max-h-64 w-fit max-w-full min-w-44 overflow-y-auto rounded-md border border-line bg-raised p-1 shadow-pop"
            >
              {list.options.map((option, index) => (
                <li
                  key={option}
                  id={`${id}-${index}`}
                  role="option"
                  aria-selected={index === list.active}
                  // Before the blur that would close the list.
                  onMouseDown={(event) => {
                    event.preventDefault();
                    accept(option);
                  }}
                  className={classNames(
                    'cursor-default truncate rounded px-2 py-0.5 font-mono text-xs',
                    index === list.active ? 'bg-active text-ink' : 'text-muted hover:bg-hover hover:text-ink',
                  )}
                >
                  <SafeText text={option} />
                </li>
              ))}
            </ul>
          )}
          {problem && (
            <p
              id={`${id}-problem`}
              role="status"
              className="w-fit rounded-md bg-danger-soft px-2 py-1 text-xs text-danger text-hostile shadow-pop"
            >
              {text.filterError(problem.start + 1, problem.message)}
              {problem.end > problem.start && (
                <code className="ml-1.5 rounded-sm bg-surface px-1 font-mono">
                  {value.slice(problem.start, problem.end)}
                </code>
              )}
            </p>
          )}
        </div>
      )}
    </search>
  );
}
