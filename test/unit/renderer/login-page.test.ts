import { expect, it, vi } from 'vitest';
import { isOnHubsMachine, openLoginPage } from '../../../renderer/lib/login-page.ts';

const page = (hostname: string) => ({ location: { hostname } }) as Window;

it.each(['127.0.0.1', 'localhost', '[::1]', '127.8.0.1'])(
  'a page from %s is on the hub’s machine',
  (name) => {
    expect(isOnHubsMachine(page(name))).toBe(true);
  },
);

it.each([
  '192.168.1.4',
  'patchbay.example',
  '127.0.0.1.evil.example',
  'localhost.evil.example',
  '0.0.0.0',
  '',
])('a page from %j may be anywhere', (name) => {
  expect(isOnHubsMachine(page(name))).toBe(false);
});

it('the desktop window is on the hub’s machine whatever its address is called', () => {
  const { location } = page('ui');
  expect(isOnHubsMachine({ location, patchbay: { host: 'desktop' } as Window['patchbay'] })).toBe(true);
});

it('opens a tab that knows nothing of this page', async () => {
  const open = vi.fn<Window['open']>();
  await openLoginPage('github', 'https://auth.example/authorize', { open });
  expect(open.mock.calls).toEqual([['https://auth.example/authorize', '_blank', 'noopener,noreferrer']]);
});

it('tells the desktop app the server only', async () => {
  const open = vi.fn<Window['open']>();
  const asked = vi.fn(() => Promise.resolve());
  const patchbay = { openLoginPage: asked } as unknown as Window['patchbay'];
  await openLoginPage('github', 'https://auth.example/authorize', { open, patchbay });
  expect(asked.mock.calls).toEqual([['github']]);
  expect(open).not.toHaveBeenCalled();
});

it.each(['javascript:alert(1)', 'file:///etc/passwd', 'http://auth.example/', 'https://a@b.example/', ''])(
  'E37: opens nothing for %j',
  async (url) => {
    const open = vi.fn<Window['open']>();
    await expect(openLoginPage('github', url, { open })).rejects.toThrow('unsafe address');
    expect(open).not.toHaveBeenCalled();
  },
);
