// @ts-check
// Custom schemes. Chromium refuses to navigate to a scheme it does not know before anything could answer, so
// `app://ui/x` is really `https://ui.app.standin.invalid/x`, answered by the app's own handler. Main sees `app://`.
import { app } from './app.mjs';
import { loudObject } from './loud.mjs';

const SUFFIX = '.standin.invalid';
/** @typedef {(request: Request) => Response | Promise<Response>} Handler */
/** @type {Map<string, Handler | null>} */
const schemes = new Map();

/** @param {string} url */
export function toPageUrl(url) {
  const [, scheme = '', authority = '', rest = ''] =
    /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)(.*)$/i.exec(url) ?? [];
  return schemes.has(scheme) ? `https://${authority}.${scheme}${SUFFIX}${rest}` : url;
}

/** @param {string} url */
export function fromPageUrl(url) {
  const found = /^https:\/\/([^/?#]*)\.([a-z][a-z0-9+-]*)\.standin\.invalid(.*)$/i.exec(url);
  return found ? `${found[2]}://${found[1]}${found[3]}` : url;
}

/** @param {string} url as main sees it */
export function originOf(url) {
  try {
    const { protocol: scheme, host } = new URL(url);
    return host ? `${scheme}//${host}` : 'null';
  } catch {
    return 'null';
  }
}

/**
 * Has the app's handlers answer for their schemes in all pages.
 * @param {import('playwright').Page} page
 */
export async function serveSchemes(page) {
  await page.route(new RegExp(`^https://[^/]*${SUFFIX.replaceAll('.', '\\.')}/`), async (route) => {
    const request = route.request();
    const url = fromPageUrl(request.url());
    const handler = schemes.get(new URL(url).protocol.slice(0, -1));
    if (!handler) return route.abort('addressunreachable');
    try {
      const response = await handler(
        new Request(url, { method: request.method(), body: request.postData() }),
      );
      await route.fulfill({
        status: response.status,
        headers: Object.fromEntries(response.headers),
        body: Buffer.from(await response.arrayBuffer()),
      });
    } catch (error) {
      process.stderr.write(`stand-in: the handler failed for ${url}: ${String(error)}\n`);
      await route.abort('failed').catch(() => {});
    }
  });
}

export const protocol = loudObject('protocol', {
  /** @param {{scheme: string}[]} list */
  registerSchemesAsPrivileged(list) {
    if (app.isReady())
      throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready');
    for (const { scheme } of list) schemes.set(scheme, null);
  },
  /**
   * @param {string} scheme
   * @param {Handler} handler
   */
  handle(scheme, handler) {
    if (!schemes.has(scheme))
      throw new Error(`stand-in: the scheme ${scheme} was not registered as privileged`);
    if (schemes.get(scheme)) throw new Error(`Failed to register protocol: ${scheme}`);
    schemes.set(scheme, handler);
  },
});
