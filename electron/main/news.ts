import type { Alert } from '../../shared/model/alert.ts';
import type { DesktopChoices } from '../../shared/model/desktop.ts';
import type { Finding } from '../../shared/model/guardian.ts';
import type { HubView } from './hub-follower.ts';
import type { ShellMessages } from './messages/messages.ts';
import { oneLine } from './one-line.ts';

/** Something that holds now and that a person may want to be told of. */
export interface NewsItem {
  /** The same for as long as it holds, and again when it comes back. */
  key: string;
  kind: keyof DesktopChoices['notify'];
  title: string;
  body: string;
  /** Route of the UI that shows it. */
  route: string;
  /** When it began, in epoch milliseconds; null where nothing tells. */
  since: number | null;
}

/** Room for a title and for a body in the notifications of every system. */
const MAX_TITLE = 60;
const MAX_BODY = 160;

/** The tray too says that these want a person. A `notice` is there to be found, not to call for anybody. */
export const isPressing = ({ state, level }: Pick<Finding, 'state' | 'level'>): boolean =>
  state === 'open' && level !== 'notice';

export const isFiring = ({ state }: Pick<Alert, 'state'>): boolean => state === 'firing';

/**
 * All news of one part of the view; null while that part is not known, which is not the same as that there is none.
 */
export const NEWS_OF: {
  [Kind in NewsItem['kind']]: (view: HubView, text: ShellMessages) => NewsItem[] | null;
} = {
  serverFailures: ({ status }, { news }) =>
    status &&
    status.servers
      .filter(({ state }) => state === 'failed')
      .map(({ name }) => ({
        key: `server:${name}`,
        kind: 'serverFailures',
        title: oneLine(news.serverFailed(name), MAX_TITLE),
        body: news.serverFailedBody,
        route: `/servers?${new URLSearchParams({ server: name }).toString()}`,
        since: null,
      })),
  guardian: ({ findings, clients }, { news }) =>
    findings &&
    findings.filter(isPressing).map(({ id, client, level, message, at }) => {
      const name = clients?.find((candidate) => candidate.id === client)?.name ?? client;
      return {
        key: `finding:${id}`,
        kind: 'guardian',
        title: oneLine(level === 'alert' ? news.unknownServer(name) : news.configChanged(name), MAX_TITLE),
        body: oneLine(message, MAX_BODY),
        route: '/clients',
        since: Date.parse(at),
      };
    }),
  alerts: ({ alerts }, { news }) =>
    alerts &&
    alerts.filter(isFiring).map((alert) => ({
      key: `alert:${alert.rule}:${alert.server}:${alert.tool ?? ''}`,
      kind: 'alerts',
      title: oneLine(alert.name, MAX_TITLE),
      body: oneLine(alertInWords(alert, news), MAX_BODY),
      route:
        alert.kind === 'server-down'
          ? `/servers?${new URLSearchParams({ server: alert.server }).toString()}`
          : '/latency',
      since: alert.since,
    })),
  // The id is in the key: what changes once more is news again.
  toolChanges: ({ toolFindings }, { news }) =>
    toolFindings &&
    toolFindings.map(({ server, id, count, since, isHeld }) => ({
      key: `tools:${server}:${id}`,
      kind: 'toolChanges',
      title: oneLine(news.toolsChanged(server), MAX_TITLE),
      body: oneLine(isHeld ? news.toolsHeld(count) : news.toolsPassed(count), MAX_BODY),
      route: `/servers?${new URLSearchParams({ server, view: 'tools' }).toString()}`,
      since,
    })),
};

/** What was measured, against what was allowed. */
export function alertInWords(
  { kind, server, tool, value, threshold }: Alert,
  news: ShellMessages['news'],
): string {
  const subject = tool === null ? server : `${server}, ${tool}`;
  switch (kind) {
    case 'p99':
      return news.slow(subject, value, threshold);
    case 'error-rate':
      return news.failing(subject, value, threshold);
    case 'server-down':
      return news.down(subject);
  }
}
