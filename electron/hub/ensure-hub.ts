import { startHub } from '../shim/start-hub.ts';
import { localSocketAddress, type DataFolder, type Platform } from './data-folder.ts';
import { findLiveHub } from './hub-lock.ts';

/** A cold start on a busy machine; whoever waits for it goes on without a hub after that. */
const START_MS = 10_000;
const LOOK_MS = 50;

/**
 * Starts a background hub the way a shim does, unless one is there. False when none answers in time, which costs
 * nobody a tool.
 */
export async function ensureHub(data: DataFolder, platform: Platform): Promise<boolean> {
  const socket = localSocketAddress(data.root, platform);
  const deadline = performance.now() + START_MS;
  let hasAsked = false;
  while (!(await findLiveHub(data, socket))) {
    if (performance.now() > deadline) return false;
    if (!hasAsked) startHub(data.root, platform.env);
    hasAsked = true;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  return true;
}
