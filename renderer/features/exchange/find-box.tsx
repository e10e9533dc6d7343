import { ChevronDown, ChevronUp, Search } from 'lucide-react';
import type { RefObject } from 'react';
import { messages } from '../../messages/messages.ts';
import { IconButton } from '../../ui/button.tsx';
import { inputClass } from '../../ui/field.tsx';
import type { BodyFind } from './use-body-find.ts';

const text = messages.exchange.find;

/** Looks for a text in the bodies: Enter goes on, Shift+Enter back, Escape clears. */
export function FindBox({
  find,
  inputRef,
}: {
  find: BodyFind;
  inputRef: RefObject<HTMLInputElement | null>;
}) {
  const hasNone = find.query !== '' && !find.isSearching && find.count === 0;
  return (
    <div className="flex min-w-0 items-center gap-0.5">
      <div className="relative min-w-0">
        <Search aria-hidden="true" className="absolute top-2 left-2 size-3 text-faint" />
        <input
          ref={inputRef}
          type="search"
          aria-label={text.label}
          placeholder={text.placeholder}
          aria-invalid={hasNone}
          value={find.query}
          onChange={(event) => find.setQuery(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') find.step(event.shiftKey ? -1 : 1);
            else if (event.key === 'Escape' && find.query !== '') find.setQuery('');
            else return;
            event.preventDefault();
            event.stopPropagation();
          }}
          className={`${inputClass} max-w-48 pl-6.5`}
        />
      </div>
      <span role="status" className="min-w-14 px-1 text-right text-xs whitespace-nowrap text-muted">
        {find.query === ''
          ? null
          : find.isSearching
            ? text.searching
            : hasNone
              ? text.none
              : text.position(find.position + 1, find.count, find.isLimited)}
      </span>
      <IconButton
        label={text.previous}
        icon={<ChevronUp className="size-3.5" />}
        disabled={find.count === 0}
        onClick={() => find.step(-1)}
      />
      <IconButton
        label={text.next}
        icon={<ChevronDown className="size-3.5" />}
        disabled={find.count === 0}
        onClick={() => find.step(1)}
      />
    </div>
  );
}
