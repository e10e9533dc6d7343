import type { HubState } from './hub-process.ts';
import type { ShellMessages } from './messages/messages.ts';

/** Why no hub runs, and what that means: the hub's own words, or ours where it could not say anything. */
export function hubFailureInWords(
  error: Extract<HubState, { phase: 'failed' }>['error'],
  text: ShellMessages,
): { message: string; hint: string } {
  return error === 'crashes' ? text.hub.crashes : { message: error.message, hint: error.hint ?? '' };
}
