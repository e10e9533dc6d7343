import { beforeEach, expect, test, vi } from 'vitest';
import { messagesIn } from '../../../electron/main/messages/messages.ts';

const openExternal = vi.hoisted(() => vi.fn((_url: string) => Promise.resolve()));
vi.mock('electron', () => ({ shell: { openExternal } }));
const { openLoginPage } = await import('../../../electron/main/login-page.ts');

const words = messagesIn('en').loginPage;
type Client = Parameters<typeof openLoginPage>[1]['client'];
const hubThatSays = (url: string) => {
  const login = vi.fn(() => Promise.resolve({ url }));
  return { login, client: { servers: { login } } as unknown as NonNullable<Client> };
};
beforeEach(() => openExternal.mockClear());

test.each([
  'https://auth.example:8443/authorize?state=1#x',
  'http://127.0.0.1:4000/authorize?state=1',
  'http://localhost:4000/authorize',
  'http://[::1]:4000/authorize',
])('E37: opens %s, which the hub has named', async (url) => {
  const { login, client } = hubThatSays(url);
  await openLoginPage('github', { client, words });
  expect(login).toHaveBeenCalledWith({ name: 'github' });
  expect(openExternal.mock.calls).toEqual([[url]]);
});

test.each([
  'http://auth.example/authorize',
  'http://127.0.0.1.evil.example/',
  'https://good.example@evil.example/',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'ms-msdt:/id',
  '\\\\server\\share',
  '',
])('E37: opens nothing for %j, whoever names it', async (url) => {
  const { client } = hubThatSays(url);
  await expect(openLoginPage('github', { client, words })).rejects.toMatchObject({ code: 'SERVER_FAILED' });
  expect(openExternal).not.toHaveBeenCalled();
});

test('says that no hub runs', async () => {
  await expect(openLoginPage('github', { client: null, words })).rejects.toMatchObject({
    code: 'HUB_NOT_RUNNING',
  });
});
