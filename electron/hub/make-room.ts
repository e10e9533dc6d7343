import { connectHub } from './api/connect-hub.ts';
import { isHubListening, type HubFacts } from './hub-lock.ts';
import { isSameProcessAlive } from './process-identity.ts';

/** As long as an orderly end may take: calls under way (30 s), servers with their stop ladder, the log. */
const MAKE_ROOM_MS = 45_000;
/** How long a hub that gave no clear answer may go on listening: it may have been ending already. */
const NO_ANSWER_MS = 5_000;

/**
 * Asks a background hub to end, so that one that a person started can take its place; sessions follow by themselves.
 * False when the hub was started by a person, or did not go in time.
 */
export async function makeRoom(running: HubFacts): Promise<boolean> {
  if (!running.background || running.pid === process.pid) return false;
  if (!isSameProcessAlive(running.pid, running.mark)) return false;
  const isAsked = await askToEnd(running);
  for (const begun = performance.now(); ;) {
    const isListening = await isHubListening(running.socket);
    if (!isListening && !isSameProcessAlive(running.pid, running.mark)) return true;
    const waitedMs = performance.now() - begun;
    if (waitedMs > MAKE_ROOM_MS || (!isAsked && isListening && waitedMs > NO_ANSWER_MS)) return false;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Calls under way finish first (D09); one that does not understand is ended by its signal. False: no clear answer. */
async function askToEnd({ socket, pid }: HubFacts): Promise<boolean> {
  const link = await connectHub(socket);
  try {
    if (link) {
      await link.api.hub.stop();
      return true;
    }
    // The orderly end of our own program; its pid is proven by the live socket and the start mark.
    process.kill(pid, 'SIGTERM');
    return true;
  } catch {
    return false;
  } finally {
    link?.close();
  }
}
