import { useLayoutEffect, useSyncExternalStore } from 'react';

/**
 * Something a person can do here and now. One list feeds the palette, the sheet of shortcuts and the keyboard, so that
 * none of them can name what another cannot do.
 */
export interface Command {
  /** Unique among mounted commands, such as `traffic.pause`. */
  id: string;
  label: string;
  /** Heading in the palette and the sheet. */
  group: string;
  /**
   * `p`, `shift+e`, `mod+k` (⌘ on a Mac, Ctrl elsewhere), `escape`, or two in a row: `g t`. Keys without `mod` do
   * nothing while a person types in a field or a dialog is open.
   */
  keys?: string;
  /** More words by which the palette finds it. */
  keywords?: readonly string[];
  /** Left out of the palette: what only makes sense under the hand, such as the next row. */
  isKeyOnly?: boolean;
  run(): void;
}

/** Commands of everything that is mounted, the newest registration first. */
export class CommandRegistry {
  readonly #lists = new Map<symbol, readonly Command[]>();
  readonly #listeners = new Set<() => void>();
  #all: readonly Command[] = [];

  /** Registers commands under a key of the caller; an empty list takes them out. */
  set(owner: symbol, commands: readonly Command[]): void {
    this.#lists.delete(owner);
    if (commands.length > 0) this.#lists.set(owner, commands);
    this.#all = [...this.#lists.values()].toReversed().flat();
    for (const listener of this.#listeners) listener();
  }

  /** The same array until something changes. */
  readonly all = (): readonly Command[] => this.#all;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
}

/** The one of this page. */
export const commandRegistry = new CommandRegistry();

/** Offers commands while the component is mounted. Give the same array until something changes (`useMemo`). */
export function useCommands(commands: readonly Command[]): void {
  // With the drawing itself, so that what is seen can be commanded: a key may come before other effects run.
  useLayoutEffect(() => {
    const owner = Symbol('commands');
    commandRegistry.set(owner, commands);
    return () => commandRegistry.set(owner, []);
  }, [commands]);
}

/** Every command that can be given now. */
export const useAllCommands = (): readonly Command[] =>
  useSyncExternalStore(commandRegistry.subscribe, commandRegistry.all);
