import type { DesktopChoices } from '../../shared/model/desktop.ts';
import type { HubView } from './hub-follower.ts';
import type { ShellMessages } from './messages/messages.ts';
import { NEWS_OF, type NewsItem } from './news.ts';

/** One notification of the system; a click leads to the place it speaks of. */
export interface Announcement {
  title: string;
  body: string;
  route: string;
}

export interface NotifierOptions {
  isWanted: (kind: keyof DesktopChoices['notify']) => boolean;
  announce: (announcement: Announcement) => void;
  /** Monotonic milliseconds. */
  now: () => number;
  /** When the app started, in epoch milliseconds: what began before was told by the run before. */
  startedAt: number;
  /** The texts in the language of the moment. */
  text: () => ShellMessages;
}

/** Tells of what newly holds: each thing once, what comes together as one, and seldom enough to be read. */
export interface Notifier {
  /** Takes in what the hub says now. */
  update(view: HubView): void;
  dispose(): void;
}

/** What one cause sets off arrives within this. */
const GATHER_MS = 1_500;
/** No two notifications within this: what comes meanwhile is told together at its end. */
const PAUSE_MS = 30_000;
/** A server that fails, recovers and fails again is told of once in this time. */
const SAME_AGAIN_MS = 10 * 60_000;
const MAX_LINES = 3;
/** Things ever told, as far as they are remembered; far more than can hold at once. */
const MAX_TOLD = 1_000;

export function createNotifier({ isWanted, announce, now, startedAt, text }: NotifierOptions): Notifier {
  /** What holds, by kind. A kind that was never known has no entry: its first items may be old news. */
  const holding = new Map<NewsItem['kind'], Set<string>>();
  const told = new Map<string, number>();
  const waiting = new Map<string, NewsItem>();
  let lastAt = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;

  function take(kind: NewsItem['kind'], items: NewsItem[] | null): void {
    // The hub is away: nothing has ended, and what holds when it is back is no news.
    if (items === null) return;
    const before = holding.get(kind);
    holding.set(kind, new Set(items.map(({ key }) => key)));
    for (const [key, item] of waiting) {
      if (item.kind === kind && !holding.get(kind)!.has(key)) waiting.delete(key);
    }
    for (const item of items) {
      const isNew = before ? !before.has(item.key) : item.since !== null && item.since >= startedAt;
      const toldAt = told.get(item.key);
      const isRepeated = toldAt !== undefined && now() - toldAt < SAME_AGAIN_MS;
      if (isNew && !isRepeated && isWanted(kind)) waiting.set(item.key, item);
    }
  }

  function plan(): void {
    if (waiting.size === 0 || timer) return;
    timer = setTimeout(tell, Math.max(GATHER_MS, lastAt + PAUSE_MS - now()));
    timer.unref();
  }

  function tell(): void {
    timer = undefined;
    // A choice may have been taken back while it waited.
    const items = [...waiting.values()].filter(({ kind }) => isWanted(kind));
    waiting.clear();
    if (items.length === 0) return;
    lastAt = now();
    for (const { key } of items) {
      // At the end again, so that the oldest is the first to go.
      told.delete(key);
      told.set(key, lastAt);
    }
    for (const key of told.keys()) {
      if (told.size <= MAX_TOLD) break;
      told.delete(key);
    }
    announce(together(items, text()));
  }

  return {
    update(view) {
      for (const kind of ['serverFailures', 'guardian', 'alerts', 'toolChanges'] as const)
        take(kind, NEWS_OF[kind](view, text()));
      plan();
    },
    dispose() {
      clearTimeout(timer);
      waiting.clear();
    },
  };
}

/** One thing in its own words; several as a list, leading to the place of the first. */
export function together(items: readonly NewsItem[], { common, news }: ShellMessages): Announcement {
  const [first] = items;
  if (first && items.length === 1) return { title: first.title, body: first.body, route: first.route };
  const rest = items.length - MAX_LINES;
  return {
    title: news.several(items.length),
    body: [
      ...items.slice(0, MAX_LINES).map(({ title }) => title),
      ...(rest > 0 ? [common.more(rest)] : []),
    ].join('\n'),
    route: first?.route ?? '/traffic',
  };
}
