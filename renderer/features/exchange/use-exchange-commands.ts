import { useEffectEvent, useMemo, useSyncExternalStore } from 'react';
import type { Exchange } from '../../../shared/model/exchange.ts';
import { type Command, useCommands } from '../../lib/commands.ts';
import { useHub } from '../../lib/hub-context.tsx';
import { messages } from '../../messages/messages.ts';
import { type Tab, TABS } from './view-state.ts';

const text = messages.exchange;

interface Options {
  exchange: Exchange;
  /** The call before this one of the same tool, for a comparison. */
  previousSame: number | null;
  onTab(tab: Tab): void;
  onFind(): void;
  onBookmark(): void;
  onReplay(): void;
  onGo(exchange: number, compare?: number): void;
}

/** What can be done with the exchange now; null where it cannot. */
export interface ExchangeActions {
  previous: (() => void) | null;
  next: (() => void) | null;
  bookmark(): void;
  replay: (() => void) | null;
  compare: (() => void) | null;
}

/** A request of a client can be sent again; answers, notifications and questions of the server cannot. */
export const canReplay = ({ kind, direction }: Exchange): boolean =>
  kind === 'request' && direction === 'client-to-server';

/** Offers everything that can be done with the exchange in the detail, to buttons, palette and keys alike. */
export function useExchangeCommands(options: Options): ExchangeActions {
  const { exchange, previousSame, onTab, onFind, onBookmark, onReplay, onGo } = options;
  const { traffic } = useHub();
  const { log } = traffic;
  const neighbour = (by: 1 | -1): number | null => {
    const snapshot = log.snapshot();
    const at = snapshot.indexOf(exchange.id);
    return at === -1 ? null : (snapshot.rowAt(at + by)?.id ?? null);
  };
  const previous = useSyncExternalStore(log.subscribe, () => neighbour(-1));
  const next = useSyncExternalStore(log.subscribe, () => neighbour(1));
  const isReplayable = canReplay(exchange);

  const go = useEffectEvent((id: number | null, compare?: number) => id !== null && onGo(id, compare));
  const bookmark = useEffectEvent(onBookmark);
  const replay = useEffectEvent(onReplay);
  const find = useEffectEvent(onFind);
  const tab = useEffectEvent(onTab);
  const commands = useMemo<readonly Command[]>(() => {
    const { actions } = text;
    const offered = (id: string, label: string, keys: string, run: () => void): Command => ({
      id: `exchange.${id}`,
      group: text.group,
      label,
      keys,
      run,
    });
    return [
      ...(previous === null ? [] : [offered('previous', actions.previous, '[', () => go(previous))]),
      ...(next === null ? [] : [offered('next', actions.next, ']', () => go(next))]),
      offered('bookmark', actions.bookmark, 'b', () => bookmark()),
      ...(isReplayable ? [offered('replay', actions.replay, 'r', () => replay())] : []),
      ...(previousSame === null
        ? []
        : [offered('compare', actions.compare, 'd', () => go(previousSame, exchange.id))]),
      offered('find', actions.find, 'mod+f', () => find()),
      ...TABS.map((name, at) => ({
        ...offered(`tab-${name}`, text.showTab(text.tabs[name]), String(at + 1), () => tab(name)),
        isKeyOnly: true,
      })),
    ];
  }, [previous, next, isReplayable, previousSame, exchange.id]);
  useCommands(commands);

  return {
    previous: previous === null ? null : () => onGo(previous),
    next: next === null ? null : () => onGo(next),
    bookmark: onBookmark,
    replay: isReplayable ? onReplay : null,
    compare: previousSame === null ? null : () => onGo(previousSame, exchange.id),
  };
}
