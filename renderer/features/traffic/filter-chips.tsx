import { X } from 'lucide-react';
import { momentWords } from './time-words.ts';
import { messages } from '../../messages/messages.ts';
import { classNames } from '../../ui/class-names.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { oneLine, visibleText } from '../../lib/visible-text.ts';
import { type TermPart, termsOf, withNegated, withoutTerm } from './filter-terms.ts';

const text = messages.traffic;

/** The terms of the filter, each to be turned round or taken out by itself. */
export function FilterChips({ value, onChange }: { value: string; onChange(value: string): void }) {
  const terms = termsOf(value);
  if (terms.length === 0) return null;
  return (
    <ul aria-label={text.terms} className="flex min-w-0 flex-wrap items-center gap-1 px-4 py-1.5">
      {terms.map((term, index) => {
        const name = visibleText(oneLine(value.slice(term.start, term.end), 60));
        return (
          <li
            key={index}
            className={classNames(
              'inline-flex h-[1.375rem] max-w-80 items-center overflow-hidden rounded-md border text-xs',
              term.isNegated ? 'border-danger/40 bg-danger-soft' : 'border-line bg-sunken',
            )}
          >
            <button
              type="button"
              title={text.turnRound}
              aria-label={text.turnRoundTerm(name)}
              aria-pressed={term.isNegated}
              onClick={() => onChange(withNegated(value, term))}
              className="min-w-0 truncate px-1.5 hover:bg-hover"
            >
              {term.isNegated && <span className="mr-1 font-medium text-danger">{text.not}</span>}
              <ChipText term={term} />
            </button>
            <button
              type="button"
              aria-label={text.removeTerm(name)}
              title={text.removeTerm(name)}
              onClick={() => onChange(withoutTerm(value, term))}
              className="grid h-full w-5 shrink-0 place-items-center text-muted hover:bg-hover hover:text-ink"
            >
              <X aria-hidden="true" className="size-3" />
            </button>
          </li>
        );
      })}
      {terms.length > 1 && (
        <li>
          <button
            type="button"
            onClick={() => onChange('')}
            className="h-[1.375rem] rounded-md px-1.5 text-xs text-muted hover:bg-hover hover:text-ink"
          >
            {text.clearAll}
          </button>
        </li>
      )}
    </ul>
  );
}

function ChipText({ term: { field, text: written } }: { term: TermPart }) {
  if (field === null) return <SafeText text={oneLine(written, 80)} />;
  const value = written.slice(field.length + 1);
  const words = field === 'since' || field === 'until' ? momentWords(value) : value;
  return (
    <>
      <span className="text-muted">{`${field} `}</span>
      <SafeText text={oneLine(words, 80)} />
    </>
  );
}
