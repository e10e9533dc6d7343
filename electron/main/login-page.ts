import { shell } from 'electron';
import { PatchbayError } from '../../shared/model/error.ts';
import { isLoginAddress } from '../../shared/model/login-address.ts';
import type { HubFollower } from './hub-follower.ts';
import type { ShellMessages } from './messages/messages.ts';

/**
 * Opens the page where a person logs in at a server, in the system's browser: begins that login or joins the one that
 * waits. The window names the server only, and the address comes from the hub: a page that was taken over could else
 * send the person anywhere (E37).
 */
export async function openLoginPage(
  server: string,
  { client, words }: Pick<HubFollower, 'client'> & { words: ShellMessages['loginPage'] },
): Promise<void> {
  if (client === null) throw new PatchbayError('HUB_NOT_RUNNING', words.noHub);
  const { url } = await client.servers.login({ name: server });
  if (!URL.canParse(url) || !isLoginAddress(new URL(url))) {
    throw new PatchbayError('SERVER_FAILED', words.unsafe(server));
  }
  await shell.openExternal(url);
}
