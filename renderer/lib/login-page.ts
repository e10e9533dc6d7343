import { isLoginAddress, isLoopbackHost } from '../../shared/model/login-address.ts';
import { messages } from '../messages/messages.ts';

/** Whether this page stands on the hub's machine: only there a login finds its way back. */
export const isOnHubsMachine = ({ patchbay, location }: Pick<Window, 'patchbay' | 'location'>): boolean =>
  patchbay !== undefined || isLoopbackHost(location.hostname);

/**
 * Opens the page where a person logs in at a server. In the desktop window the app does it, in the system's browser,
 * at the address that it asks the hub for. Anywhere else a new tab, which knows nothing of this page; a browser that
 * blocks it does not say so.
 */
export async function openLoginPage(
  server: string,
  url: string,
  page: Pick<Window, 'patchbay' | 'open'>,
): Promise<void> {
  if (!URL.canParse(url) || !isLoginAddress(new URL(url))) throw new Error(messages.serverLogin.unsafe(url));
  if (page.patchbay) await page.patchbay.openLoginPage(server);
  else page.open(url, '_blank', 'noopener,noreferrer');
}
