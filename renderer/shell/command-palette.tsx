import { Dialog as BaseDialog } from '@base-ui/react/dialog';
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import { type Command, useAllCommands } from '../lib/commands.ts';
import { rankCommands } from '../lib/rank-commands.ts';
import { messages } from '../messages/messages.ts';
import { classNames } from '../ui/class-names.ts';
import { KeyCaps } from '../ui/key-caps.tsx';

const text = messages.commands;

/** Everything that can be done here, found by typing. */
export function CommandPalette({ isOpen, onClose }: { isOpen: boolean; onClose(): void }) {
  return (
    <BaseDialog.Root open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <BaseDialog.Portal>
        <BaseDialog.Backdrop className="fixed inset-0 bg-shade" />
        <BaseDialog.Popup className="fixed top-[12vh] left-1/2 flex max-h-[70dvh] w-[calc(100vw-3rem)] max-w-xl -translate-x-1/2 flex-col overflow-hidden rounded-xl border border-line bg-raised shadow-pop outline-none">
          <BaseDialog.Title className="sr-only">{text.palette}</BaseDialog.Title>
          <PaletteContent onClose={onClose} />
        </BaseDialog.Popup>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  );
}

function PaletteContent({ onClose }: { onClose(): void }) {
  const id = useId();
  const all = useAllCommands();
  const [typed, setTyped] = useState('');
  /** The command chosen by arrow or pointer; by name, for the list may change under it. Otherwise the best one. */
  const [chosen, setChosen] = useState<string | null>(null);
  // Never behind the typing: Enter gives what is drawn, and must give what was typed.
  const offered = useMemo(
    () =>
      rankCommands(
        all.filter(({ isKeyOnly }) => !isKeyOnly),
        typed,
      ),
    [all, typed],
  );
  const current = Math.max(
    0,
    offered.findIndex((command) => command.id === chosen),
  );
  const list = useRef<HTMLUListElement>(null);

  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [current]);

  const choose = (place: number): void => setChosen(offered.at(place)?.id ?? null);
  const give = (command: Command | undefined): void => {
    if (!command) return;
    onClose();
    // After the dialog has given the focus back, so that the command may take it.
    requestAnimationFrame(() => command.run());
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown') choose((current + 1) % offered.length);
    else if (event.key === 'ArrowUp') choose(current - 1);
    else if (event.key === 'Home' && typed === '') choose(0);
    else if (event.key === 'End' && typed === '') choose(-1);
    else if (event.key === 'Enter') give(offered[current]);
    else return;
    event.preventDefault();
  };

  return (
    <>
      <input
        autoFocus
        type="text"
        role="combobox"
        aria-label={text.palette}
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-activedescendant={offered.length > 0 ? `${id}-${current}` : undefined}
        aria-autocomplete="list"
        placeholder={text.placeholder}
        value={typed}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => {
          setTyped(event.target.value);
          setChosen(null);
        }}
        onKeyDown={onKeyDown}
        className="h-11 w-full shrink-0 border-b border-line bg-transparent px-4 text-base text-ink outline-none placeholder:text-faint"
      />
      <ul
        ref={list}
        id={`${id}-list`}
        role="listbox"
        aria-label={text.palette}
        className="min-h-0 overflow-y-auto p-1.5"
      >
        {offered.map((command, index) => (
          <li
            key={command.id}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === current}
            onMouseMove={() => setChosen(command.id)}
            onClick={() => give(command)}
            className={classNames(
              'flex h-8 cursor-default items-center gap-3 rounded-md px-2.5',
              index === current ? 'bg-active' : '',
            )}
          >
            <span className="w-20 shrink-0 truncate text-xs text-muted">{command.group}</span>
            <span className="min-w-0 flex-1 truncate">{command.label}</span>
            {command.keys && <KeyCaps keys={command.keys} />}
          </li>
        ))}
      </ul>
      <p role="status" className={classNames('px-4 text-muted', offered.length === 0 ? 'py-4' : 'sr-only')}>
        {offered.length === 0 ? text.nothing : text.found(offered.length)}
      </p>
    </>
  );
}
