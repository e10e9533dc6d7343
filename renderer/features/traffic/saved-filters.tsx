import { Star, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useResource } from '../../lib/hub-context.tsx';
import { useAction } from '../../lib/use-action.ts';
import { messages } from '../../messages/messages.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { inputClass } from '../../ui/field.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { Popover } from '../../ui/popover.tsx';
import { SafeText } from '../../ui/safe-text.tsx';

const text = messages.traffic.saved;
const MAX_NAME = 60;

interface SavedFiltersProps {
  /** The filter in use; only one that is valid can be saved. */
  filter: string;
  isOpen: boolean;
  onOpenChange(isOpen: boolean): void;
  onChoose(filter: string): void;
}

/** Filters with names: choose one, save the one in use, forget one. */
export function SavedFilters({ filter, isOpen, onOpenChange, onChoose }: SavedFiltersProps) {
  const { data: saved, error } = useResource('filters');
  const { isBusy, error: failure, run } = useAction();
  const [name, setName] = useState('');
  const isSaved = saved?.some((one) => one.filter === filter) ?? false;
  const replaces = saved?.some((one) => one.name === name.trim()) ?? false;
  const problem = failure ?? (saved === null ? error : null);
  return (
    <Popover
      title={text.title}
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      trigger={
        <IconButton
          label={text.title}
          icon={<Star className={isSaved && filter !== '' ? 'size-4 fill-current text-accent' : 'size-4'} />}
        />
      }
    >
      {problem && <ErrorNotice error={problem} className="mb-2" />}
      {saved?.length === 0 && <p className="text-muted">{text.none}</p>}
      <ul className="-mx-1.5 flex flex-col">
        {saved?.map((one) => (
          <li key={one.name} className="group flex items-center gap-1 rounded-md hover:bg-hover">
            <button
              type="button"
              className="flex min-w-0 flex-1 flex-col px-1.5 py-1 text-left"
              onClick={() => {
                onChoose(one.filter);
                onOpenChange(false);
              }}
            >
              <span className="max-w-full truncate">
                <SafeText text={one.name} />
              </span>
              <span className="max-w-full truncate font-mono text-2xs text-muted">
                <SafeText text={one.filter} />
              </span>
            </button>
            <IconButton
              label={text.remove(one.name)}
              icon={<Trash2 className="size-3.5" />}
              disabled={isBusy}
              onClick={() => void run((client) => client.filters.remove({ name: one.name }))}
            />
          </li>
        ))}
      </ul>
      <form
        className="mt-2 flex gap-1.5 border-t border-line pt-3"
        onSubmit={(event) => {
          event.preventDefault();
          void run((client) => client.filters.save({ name: name.trim(), filter })).then(
            (worked) => worked && setName(''),
          );
        }}
      >
        <input
          type="text"
          aria-label={text.name}
          placeholder={filter === '' ? text.nothingToSave : text.name}
          disabled={filter === ''}
          value={name}
          maxLength={MAX_NAME}
          onChange={(event) => setName(event.target.value)}
          className={inputClass}
        />
        <Button type="submit" disabled={isBusy || filter === '' || name.trim() === ''}>
          {replaces ? text.replace : text.save}
        </Button>
      </form>
    </Popover>
  );
}
