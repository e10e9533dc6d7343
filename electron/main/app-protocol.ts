import { protocol } from 'electron';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

const SCHEME = 'app';

/** The page's origin, which every sender is checked against. A scheme of our own keeps it stable and gives no file access. */
export const UI_ORIGIN = `${SCHEME}://ui`;

/** Nothing but our own files; the page reaches the hub through its message port only, never by HTTP. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const CONTENT_TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** Must run before the app is ready. */
export function registerUiScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Serves the built UI to the windows. */
export const serveUi = (root: string): void => protocol.handle(SCHEME, (request) => answer(root, request));

/** The file a URL means, or null when that would be none of ours (E08). */
export function uiFile(root: string, url: string): string | null {
  let name: string;
  try {
    const { origin, protocol: scheme, host, pathname } = new URL(url);
    // Node's URL gives schemes it does not know an opaque origin; Chromium's does not.
    if (origin !== UI_ORIGIN && `${scheme}//${host}` !== UI_ORIGIN) return null;
    name = decodeURIComponent(pathname);
  } catch {
    return null;
  }
  if (name.includes('\0') || name.includes('\\')) return null;
  const file = path.join(root, name.endsWith('/') ? `${name}index.html` : name);
  const relative = path.relative(root, file);
  const isInside = relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative);
  return isInside ? file : null;
}

/** The response to one request of a page: a file of `root` with our headers, or 404. */
export async function answer(root: string, request: Pick<Request, 'url' | 'method'>): Promise<Response> {
  const headers = {
    'content-security-policy': CONTENT_SECURITY_POLICY,
    'x-content-type-options': 'nosniff',
    'cross-origin-opener-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-cache',
  };
  const file = request.method === 'GET' ? uiFile(root, request.url) : null;
  const type = file && CONTENT_TYPES[path.extname(file)];
  if (file && type) {
    try {
      return new Response(await readFile(file), { headers: { ...headers, 'content-type': type } });
    } catch {
      // Absent: answered below like everything else that is not ours.
    }
  }
  return new Response('Not found', { status: 404, headers: { ...headers, 'content-type': 'text/plain' } });
}
