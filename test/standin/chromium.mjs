// @ts-check
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright';
import { ensureChromium } from '../support/ensure-chromium.mjs';
import { host } from './host.mjs';
import { pageLanguages } from './locales.mjs';

const SWITCHES = [
  '--headless',
  '--hide-scrollbars',
  '--remote-debugging-port=0',
  // The pipe is not spoken on; Chromium ends when its other side, this process, is gone, however that happened.
  '--remote-debugging-pipe',
  '--no-startup-window',
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-extensions',
  '--disable-background-networking',
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-breakpad',
  '--disable-component-update',
  '--disable-dev-shm-usage',
  '--disable-popup-blocking',
  '--disable-renderer-backgrounding',
  '--disable-sync',
  '--disable-features=HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,MediaRouter,PaintHolding,OptimizationHints',
  // On the web a page is not told that the other end of a port closed; in Electron it is.
  '--enable-blink-features=MessagePortCloseEvent',
  '--enable-unsafe-swiftshader',
  '--force-color-profile=srgb',
  '--password-store=basic',
];
const GONE_POLL_MS = 20;
const CLOSE_LIMIT_MS = 3_000;

/** @type {Promise<import('playwright').BrowserContext> | null} */
let context = null;
/** @type {() => Promise<void>} */
let awaitGone = async () => {};

/** Whether Playwright drives this run. */
export const isDebugged = () => host.switches.has('remote-debugging-port');

/**
 * The one browser all windows live in, started on first use.
 * @param {string} userData
 */
export function startChromium(userData) {
  context ??= launch(userData).catch((error) => {
    process.stderr.write(`stand-in: ${error.stack}\n`);
    process.exit(1);
  });
  return context;
}

/** Ends the browser, every process of it. */
export async function closeChromium() {
  if (!context) return;
  const browser = (await context).browser();
  const session = await browser?.newBrowserCDPSession().catch(() => null);
  await session?.send('Browser.close').catch(() => {});
  await Promise.race([awaitGone(), new Promise((resolve) => setTimeout(resolve, CLOSE_LIMIT_MS))]);
}

/**
 * @param {string} userData
 * @returns {Promise<import('playwright').BrowserContext>}
 */
async function launch(userData) {
  const profile = path.join(userData, 'standin-chromium');
  mkdirSync(profile, { recursive: true });
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const own = [`--user-data-dir=${profile}`, `--accept-lang=${pageLanguages(process.env).join(',')}`];
  const child = spawn(ensureChromium(), [...SWITCHES, ...sandbox, ...own], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
    // A process group of its own, so that its many processes can be ended and awaited together.
    detached: true,
  });
  const group = -Number(child.pid);
  const isGone = () => {
    try {
      process.kill(group, 0);
      return false;
    } catch {
      return true;
    }
  };
  awaitGone = async () => {
    while (!isGone()) await new Promise((resolve) => setTimeout(resolve, GONE_POLL_MS));
  };
  process.on('exit', () => {
    if (!isGone()) process.kill(group, 'SIGKILL');
  });
  const address = await debuggerAddress(child);
  const connected = await chromium.connectOverCDP(address);
  const [first] = connected.contexts();
  if (!first) throw new Error('Chromium has no default context');
  // The line by which Playwright's _electron.launch finds the browser.
  if (isDebugged()) process.stderr.write(`DevTools listening on ${address}\n`);
  return first;
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<string>}
 */
function debuggerAddress(child) {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stderr?.on('data', (chunk) => {
      text += chunk;
      const found = /DevTools listening on (ws:\S+)/.exec(text);
      if (found?.[1]) resolve(found[1]);
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`Chromium ended with code ${code}\n${text}`)));
  });
}
