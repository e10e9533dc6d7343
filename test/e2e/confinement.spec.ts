import { windowAddress } from './desktop-app.ts';
import { expect, test } from './fixtures.ts';
import { noteOpened } from './opened-outside.ts';

test('E25: the content security policy stops inline code and foreign addresses', async ({
  desktop: { page },
}) => {
  const happened = await page.evaluate(async () => {
    const script = document.createElement('script');
    script.textContent = 'window.inlineRan = true';
    document.body.append(script);
    const image = new Image();
    const imageLoaded = new Promise((resolve) => {
      image.onload = () => resolve(true);
      image.onerror = () => resolve(false);
    });
    image.src = 'https://example.com/pixel.png';
    return {
      inline: 'inlineRan' in window,
      fetched: await fetch('https://example.com/').then(
        () => true,
        () => false,
      ),
      image: await imageLoaded,
      frame: await new Promise((resolve) => {
        document.addEventListener('securitypolicyviolation', () => resolve('refused'), { once: true });
        const frame = document.createElement('iframe');
        frame.src = 'https://example.com/';
        frame.onload = () => resolve('loaded');
        document.body.append(frame);
      }),
    };
  });
  expect(happened).toEqual({ inline: false, fetched: false, image: false, frame: 'refused' });
});

test('E34: a page of ours cannot be navigated away', async ({ desktop: { app, page } }) => {
  await page.evaluate(() => {
    window.location.href = 'https://example.com/';
  });
  // The refused navigation leaves the page alive and connected.
  await page.getByRole('link', { name: 'Settings' }).click();
  await expect(page.getByText('Hub connected')).toBeVisible();
  expect(await windowAddress(app)).toBe('app://ui/#/settings');
});

test('E34, E37: a new window is denied, and only known addresses go to the system’s browser', async ({
  desktop: { app, page },
}) => {
  const opened = await noteOpened(app);
  const isDenied = await page.evaluate(() =>
    [
      'https://example.com/',
      'file:///etc/passwd',
      'https://github.com/modelcontextprotocol',
      'http://127.0.0.1:1/#token=x',
    ]
      .map((url) => window.open(url, '_blank', 'noopener') === null)
      .every(Boolean),
  );
  expect(isDenied).toBe(true);
  await expect
    .poll(opened)
    .toEqual(['https://github.com/modelcontextprotocol', 'http://127.0.0.1:1/#token=x']);
  expect(app.windows()).toHaveLength(1);
  expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
});

test('permissions are denied', async ({ desktop: { page } }) => {
  const states = await page.evaluate(async () => {
    const names: PermissionName[] = ['geolocation', 'notifications', 'midi'];
    const found = await Promise.all(names.map((name) => navigator.permissions.query({ name })));
    return found.map((status) => status.state);
  });
  expect(states).toEqual(['denied', 'denied', 'denied']);
});

test('E08: the UI’s protocol serves its own files and nothing else', async ({ desktop: { page } }) => {
  const answers = await page.evaluate(async () => {
    const get = async (path: string): Promise<object> => {
      const response = await fetch(path);
      return {
        status: response.status,
        type: response.headers.get('content-type'),
        sniff: response.headers.get('x-content-type-options'),
        policy: response.headers.get('content-security-policy')?.slice(0, 18),
      };
    };
    return {
      index: await get('/index.html'),
      up: await get('/%2e%2e%2fmain.mjs'),
      absent: await get('/absent.js'),
    };
  });
  const headers = { sniff: 'nosniff', policy: "default-src 'none'" };
  expect(answers).toEqual({
    index: { status: 200, type: 'text/html; charset=utf-8', ...headers },
    up: { status: 404, type: 'text/plain', ...headers },
    absent: { status: 404, type: 'text/plain', ...headers },
  });
});
