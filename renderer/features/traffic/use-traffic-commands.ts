import { useEffect, useMemo, useRef } from 'react';
import type { Exchange } from '../../../shared/model/exchange.ts';
import { type Command, useCommands } from '../../lib/commands.ts';
import { visibleText } from '../../lib/visible-text.ts';
import { messages } from '../../messages/messages.ts';
import { termOfCell, type TermPlace } from './cell-term.ts';

const text = messages.traffic.commands;
const group = messages.navigation.traffic;

/** What can be done with the list; each is looked up when a command is given. */
export interface TrafficActions {
  next(): void;
  previous(): void;
  open(): void;
  toggleCompare(): void;
  compare(): void;
  close(): void;
  focusFilter(): void;
  togglePause(): void;
  follow(): void;
  toggleCollapse(): void;
  toggleHistogram(): void;
  openExportMenu(): void;
  openSavedFilters(): void;
  openTimeRange(): void;
  sendSpans(): void;
  openFile(): void;
  clearFilter(): void;
  addTerm(term: string): void;
}

type PlainAction = Exclude<keyof TrafficActions, 'addTerm'>;

const LIST: readonly { action: PlainAction; keys?: string; isKeyOnly?: boolean }[] = [
  { action: 'focusFilter', keys: '/' },
  { action: 'next', keys: 'j', isKeyOnly: true },
  { action: 'previous', keys: 'k', isKeyOnly: true },
  { action: 'open', keys: 'enter', isKeyOnly: true },
  { action: 'toggleCompare', keys: 'space', isKeyOnly: true },
  { action: 'compare', keys: 'shift+c' },
  { action: 'close', keys: 'escape', isKeyOnly: true },
  { action: 'togglePause', keys: 'p' },
  { action: 'follow', keys: 'f' },
  { action: 'toggleCollapse', keys: 'c' },
  { action: 'toggleHistogram', keys: 'h' },
  { action: 'openExportMenu', keys: 'e' },
  { action: 'openSavedFilters', keys: 's' },
  { action: 'openTimeRange', keys: 't' },
  { action: 'clearFilter' },
  { action: 'sendSpans' },
  { action: 'openFile' },
];

/** Places of the current row the palette offers to filter by. */
const PLACES: readonly TermPlace[] = ['server', 'method', 'client', 'project', 'session', 'outcome'];

/** Offers the commands of the list, and filters made from the current row. */
export function useTrafficCommands(actions: TrafficActions, active: Exchange | null): void {
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  const terms = PLACES.map((place) => active && termOfCell(place, active))
    .filter((term) => term !== null)
    .join('\n');
  const commands = useMemo((): Command[] => {
    const fixed = LIST.map(({ action, ...rest }): Command => ({
      id: `traffic.${action}`,
      label: text[action],
      group,
      ...rest,
      run: () => latest.current[action](),
    }));
    const offered = terms === '' ? [] : terms.split('\n');
    return [
      ...fixed,
      ...offered.flatMap((term): Command[] => [
        {
          id: `traffic.only.${term}`,
          label: messages.traffic.onlyThese(visibleText(term)),
          group,
          run: () => latest.current.addTerm(term),
        },
        {
          id: `traffic.without.${term}`,
          label: messages.traffic.withoutThese(visibleText(term)),
          group,
          run: () => latest.current.addTerm(`-${term}`),
        },
      ]),
    ];
  }, [terms]);
  useCommands(commands);
}
