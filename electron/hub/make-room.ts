import { isHubListening, type HubFacts } from './hub-lock.ts';
import { isSameProcessAlive } from './process-identity.ts';

/** As long as an orderly end may take: sessions, servers with their stop ladder, the log. */
const MAKE_ROOM_MS = 15_000;

/**
 * Asks a background hub to end, so that one that a person started can take its place; sessions follow by themselves.
 * False when the hub was started by a person, or did not go in time.
 */
export async function makeRoom(running: HubFacts): Promise<boolean> {
  if (!running.background || running.pid === process.pid) return false;
  // SIGTERM is the orderly end of our own program; its pid is proven by the live socket and the start mark.
  if (!isSameProcessAlive(running.pid, running.mark)) return false;
  try {
    process.kill(running.pid, 'SIGTERM');
  } catch {
    return false;
  }
  const deadline = performance.now() + MAKE_ROOM_MS;
  while (performance.now() < deadline) {
    if (!isSameProcessAlive(running.pid, running.mark) && !(await isHubListening(running.socket)))
      return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}
