import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

vi.mock('electron', () => ({ protocol: {} }));
const { answer, uiFile } = await import('../../../electron/main/app-protocol.ts');

const root = path.resolve('/app/dist/ui');

describe('the file an address means', () => {
  test.each([
    ['app://ui/', 'index.html'],
    ['app://ui/#/traffic', 'index.html'],
    ['app://ui/index.html?x=1', 'index.html'],
    ['app://ui/assets/main.js', 'assets/main.js'],
    ['app://ui/a%20b.js', 'a b.js'],
    ['app://ui/a/../main.js', 'main.js'],
    // The URL itself knows these as dot segments and never leaves the root.
    ['app://ui/%2e', 'index.html'],
    ['app://ui/%2e%2e/%2e%2e/etc/passwd', 'etc/passwd'],
  ])('%s', (url, file) => {
    expect(uiFile(root, url)).toBe(path.join(root, file));
  });

  test.each([
    'app://ui',
    'app://ui/%2e%2e%2fmain.mjs',
    'app://ui/..%2f..%2fmain.mjs',
    'app://ui/..%5cmain.mjs',
    'app://ui/a%00.js',
    'app://ui/%',
    'app://ui.evil/index.html',
    'app://other/index.html',
    'file:///etc/passwd',
    'https://ui/index.html',
    'not a url',
  ])('E08: %s is nobody’s', (url) => {
    expect(uiFile(root, url)).toBeNull();
  });
});

describe('the answer', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'patchbay-ui-'));
    mkdirSync(path.join(folder, 'ui'));
    writeFileSync(path.join(folder, 'ui', 'index.html'), '<p>hello');
    writeFileSync(path.join(folder, 'ui', 'notes.exe'), 'x');
    writeFileSync(path.join(folder, 'secret.html'), 'secret');
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const get = (url: string, method = 'GET'): Promise<Response> =>
    answer(path.join(folder, 'ui'), { url, method });

  test('a page comes with its type and our headers', async () => {
    const response = await get('app://ui/');
    expect(await response.text()).toBe('<p>hello');
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': expect.stringMatching(/^default-src 'none'; script-src 'self'; /),
      'x-content-type-options': 'nosniff',
    });
  });

  test.each([
    ['app://ui/absent.html', 'GET'],
    ['app://ui/%2e%2e%2fsecret.html', 'GET'],
    ['app://ui/notes.exe', 'GET'],
    ['app://ui/', 'POST'],
  ])('%s by %s is 404, with the same headers', async (url, method) => {
    const response = await get(url, method);
    expect(response.status).toBe(404);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  test('the policy allows no inline code, no eval and no foreign origin', async () => {
    const policy = (await get('app://ui/')).headers.get('content-security-policy') ?? '';
    expect(policy).not.toMatch(/unsafe|https?:|\*|ws:/);
  });
});
