import type { UpdateState } from '../../shared/model/desktop.ts';
import { type ClientView, type Routing, routingOf } from '../../shared/model/client.ts';
import type { HubView } from './hub-follower.ts';
import type { HubState } from './hub-process.ts';
import { hubFailureInWords } from './hub-failure.ts';
import type { ShellMessages } from './messages/messages.ts';
import { isFiring, isPressing } from './news.ts';

/** Everything the icon and its menu are made from. */
export interface TrayState {
  hub: HubState;
  view: HubView;
  /** A routing change is under way: no second one may be started. */
  isBusy: boolean;
  /** Null where the system has no such setting for this installation. */
  openAtLogin: boolean | null;
  update: UpdateState;
}

/**
 * `attention`: a person should look. `direct`: the hub runs and no client goes through it. `off`: no hub runs. They
 * differ in shape, never in colour alone: macOS takes the colour away, and not everybody sees it.
 */
export type TrayIcon = 'routed' | 'direct' | 'attention' | 'off';

/** Clients with something to route, and installed ones without. */
export const shownClients = ({ clients }: Pick<HubView, 'clients'>): ClientView[] =>
  (clients ?? []).filter((client) => client.installed || routingOf(client) !== 'none');

/** Clients that have something to route. */
export const routableClients = (view: Pick<HubView, 'clients'>): ClientView[] =>
  shownClients(view).filter((client) => routingOf(client) !== 'none');

const numberOf = (view: Pick<HubView, 'clients'>, routing: Routing): number =>
  routableClients(view).filter((client) => routingOf(client) === routing).length;

export function trayIcon({ hub, view }: Pick<TrayState, 'hub' | 'view'>): TrayIcon {
  if (hub.phase !== 'ready') return 'off';
  const { status, findings, alerts } = view;
  const isAiling =
    status &&
    (status.catalogError !== null ||
      status.trafficStore !== null ||
      status.servers.some((server) => server.state === 'failed'));
  if (isAiling || findings?.some(isPressing) || alerts?.some(isFiring)) return 'attention';
  // Not known yet is not direct.
  const isDirect = view.clients !== null && numberOf(view, 'routed') + numberOf(view, 'partly') === 0;
  return isDirect ? 'direct' : 'routed';
}

/** The state in words: the menu's first line and the icon's tooltip. */
export function statusInWords({ hub, view }: Pick<TrayState, 'hub' | 'view'>, text: ShellMessages): string {
  const { state, routed, sessions } = text.tray;
  switch (hub.phase) {
    case 'starting':
    case 'restarting':
    case 'stopped':
      return state[hub.phase];
    case 'failed':
      return state.failed(hubFailureInWords(hub.error, text).message);
    case 'ready': {
      const parts = [state.running];
      if (view.clients !== null) {
        parts.push(routed(numberOf(view, 'routed'), numberOf(view, 'partly'), routableClients(view).length));
      }
      if (view.status) parts.push(sessions(view.status.sessions));
      return parts.join(', ');
    }
  }
}
