import { app, type Session, session, shell, type WebContents } from 'electron';
import type { Logger } from '../hub/log.ts';
import { UI_ORIGIN } from './app-protocol.ts';

/** The only sites our own pages may link to. Links out of traffic are text and open nothing. */
const EXTERNAL_HOSTS: ReadonlySet<string> = new Set(['github.com', 'modelcontextprotocol.io']);

/** Whether the system's browser may be sent there: known sites, and the start page of a hub on this machine (E37). */
export function isAllowedOutside(address: string): boolean {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    return false;
  }
  if (url.username || url.password) return false;
  if (url.protocol === 'https:') return url.port === '' && EXTERNAL_HOSTS.has(url.hostname);
  // The demo's own hub: only its page, whose token is in the fragment and never reaches a server.
  return (
    url.protocol === 'http:' && url.hostname === '127.0.0.1' && url.pathname === '/' && url.search === ''
  );
}

/** Whether an address is a page of ours. */
export function isOurPage(address: string): boolean {
  return address === UI_ORIGIN || address.startsWith(`${UI_ORIGIN}/`);
}

/** Confines every page of the app, those of the future included. Call before the first window is made. */
export function confinePages(logger: Logger): void {
  app.on('web-contents-created', (_event, contents) => confine(contents, logger));
  denyPermissions(session.defaultSession);
}

function confine(contents: WebContents, logger: Logger): void {
  const stay = (event: { url: string; preventDefault(): void }): void => {
    if (isOurPage(event.url)) return;
    event.preventDefault();
    logger.log('warn', 'page.navigation-refused', { url: event.url.slice(0, 200) });
  };
  contents.on('will-navigate', stay);
  contents.on('will-redirect', stay);
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    if (isAllowedOutside(url)) void shell.openExternal(url);
    else logger.log('warn', 'page.open-refused', { url: url.slice(0, 200) });
    return { action: 'deny' };
  });
}

/** Copying text is the one thing the UI asks the system for. */
const GRANTED: ReadonlySet<string> = new Set(['clipboard-sanitized-write']);

function denyPermissions(pages: Session): void {
  pages.setPermissionRequestHandler((_contents, permission, decide) => decide(GRANTED.has(permission)));
  pages.setPermissionCheckHandler((_contents, permission) => GRANTED.has(permission));
  pages.setDevicePermissionHandler(() => false);
}
