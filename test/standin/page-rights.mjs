// @ts-check
import { fromPageUrl, originOf } from './schemes.mjs';

/** Electron's names of permissions, and what Chromium calls them. */
const PERMISSIONS = {
  geolocation: 'geolocation',
  notifications: 'notifications',
  midi: 'midi',
  'clipboard-read': 'clipboard-read',
  'clipboard-sanitized-write': 'clipboard-write',
};

/**
 * Has Chromium grant and deny what the app's check handler says, for one origin of a page.
 * @param {import('playwright').Page} page
 * @param {string} origin as Chromium knows it
 * @param {((contents: null, permission: string, origin: string) => boolean) | null} check
 */
export async function applyPermissions(page, origin, check) {
  // Chromium forgets the permissions with the session that set them, so this one stays.
  const session = await page.context().browser()?.newBrowserCDPSession();
  for (const [permission, name] of Object.entries(PERMISSIONS)) {
    const isGranted = check?.(null, permission, originOf(fromPageUrl(`${origin}/`))) ?? true;
    await session?.send('Browser.setPermission', {
      permission: { name },
      setting: isGranted ? 'granted' : 'denied',
      origin,
    });
  }
}

/**
 * Asks the app before the page navigates itself. Main's own loads go through untouched.
 * @param {import('playwright').Page} page
 * @param {{isLoading: () => boolean, isPrevented: (url: string) => boolean}} app
 */
export async function guardNavigation(page, { isLoading, isPrevented }) {
  await page.route('**', async (route) => {
    const request = route.request();
    const isOwn =
      request.isNavigationRequest() &&
      request.frame() === page.mainFrame() &&
      !isLoading() &&
      page.url() !== 'about:blank';
    if (isOwn && isPrevented(fromPageUrl(request.url()))) return route.abort('aborted');
    return route.fallback();
  });
}

/** @type {WeakSet<import('playwright').Page>} */
const ours = new WeakSet();
/** @type {WeakSet<import('playwright').BrowserContext>} */
const guarded = new WeakSet();
/** A page of ours is announced before its maker gets it: nobody is judged until these are through. */
let opening = Promise.resolve();

/**
 * A page for a window.
 * @param {import('playwright').BrowserContext} context
 */
export async function openPage(context) {
  if (!guarded.has(context)) {
    guarded.add(context);
    await closeStrangers(context);
  }
  const created = context.newPage().then((page) => {
    ours.add(page);
    return page;
  });
  opening = Promise.allSettled([opening, created]).then(() => {});
  return created;
}

/**
 * Closes every page that is not a window of the app before it can load anything: of all answers that a
 * window-open handler may give, only `deny` is pretended.
 * @param {import('playwright').BrowserContext} context
 */
async function closeStrangers(context) {
  context.on('page', async (page) => {
    await opening;
    if (!ours.has(page)) await page.close().catch(() => {});
  });
  await context.route('**', async (route) => {
    await opening;
    await (isOurs(route.request()) ? route.continue() : route.abort('aborted')).catch(() => {});
  });
}

/** @param {import('playwright').Request} request */
function isOurs(request) {
  try {
    return ours.has(request.frame().page());
  } catch {
    // A page so new that it has no frame yet is none of ours.
    return false;
  }
}
