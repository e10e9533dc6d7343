import { PatchbayError } from '../../../shared/model/error.ts';

/** Who calls, as far as the carrier tells. */
export interface CallContext {
  /** The local socket or the desktop's own port: a program of this user. Only these may end the hub. */
  isLocal: boolean;
  /** Came over loopback HTTP with the token of this install: the user's own page. */
  hasInstallToken?: boolean;
}

/**
 * The one place that says who may define what is run on this machine, or point a client at it: whoever is this user
 * on this machine. Every other caller, whatever token it holds, may only use what is there. (A proxy that lets
 * remote callers name a command is remote code execution.)
 */
export function needsOwner({ isLocal, hasInstallToken }: CallContext): void {
  if (isLocal || hasInstallToken === true) return;
  throw new PatchbayError('FORBIDDEN', 'Only this computer’s own user may define or change what is run.');
}

/** Throws FORBIDDEN for callers that may not end the hub. */
export function needsLocal({ isLocal }: CallContext): void {
  if (isLocal) return;
  throw new PatchbayError('FORBIDDEN', 'Only this computer’s own programs may end the hub.');
}
