import { expect, it } from 'vitest';
import type { PendingLogin } from '../../../electron/hub/servers/remote/oauth-login.ts';
import { createServerLogins, type ServerLogins } from '../../../electron/hub/servers/server-logins.ts';
import { PatchbayError } from '../../../shared/model/error.ts';

const PAGE = 'https://auth.example/authorize?state=the-state&code_challenge=the-challenge';
const NOW = 1_000_000;

/** One login as the authorization server and the person decide it. */
interface Begun {
  name: string;
  /** The authorization server has said where the person logs in. */
  waits(): void;
  refuse(error: Error): void;
  finish(): void;
  fail(error: Error): void;
  isCancelled: boolean;
}

function stage() {
  const begun: Begun[] = [];
  const restarted: string[] = [];
  const forgotten: string[] = [];
  const logged: string[] = [];
  const addresses = new Map([['github', 'https://mcp.example/mcp']]);
  let changes = 0;
  const logins: ServerLogins = createServerLogins({
    begin(name) {
      const finished = openPromise<void>();
      const begin = openPromise<PendingLogin>();
      finished.promise.catch(() => {});
      const login: Begun = {
        name,
        isCancelled: false,
        waits: () => begin.resolve({ authorizationUrl: PAGE, finished: finished.promise, cancel }),
        refuse: begin.reject,
        finish: () => finished.resolve(),
        fail: finished.reject,
      };
      function cancel(): void {
        login.isCancelled = true;
        finished.reject(new PatchbayError('LOGIN_NEEDED', 'broken off'));
      }
      begun.push(login);
      return begin.promise;
    },
    forget: async (name) => void forgotten.push(name),
    address: (name) => addresses.get(name),
    async restart(name) {
      restarted.push(name);
      logins.forgive(name);
    },
    changed: () => void (changes += 1),
    logger: { log: (level, event, fields) => void logged.push(JSON.stringify({ level, event, fields })) },
    now: () => NOW,
  });
  return { logins, begun, restarted, forgotten, logged, addresses, changes: () => changes };
}

/** Lets everything run that waits for nothing but its turn. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function waiting() {
  const all = stage();
  const page = all.logins.begin('github');
  await turn();
  all.begun[0]!.waits();
  await page;
  return { ...all, first: all.begun[0]! };
}

interface OpenPromise<T> {
  promise: Promise<T>;
  resolve(value: T): void;
  reject(error: Error): void;
}

function openPromise<T>(): OpenPromise<T> {
  let settle: Omit<OpenPromise<T>, 'promise'> | null = null;
  const promise = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject };
  });
  return { promise, ...settle! };
}

it('tells whoever began it where to log in, and everybody else only that it waits', async () => {
  const { logins, logged, first, restarted, changes } = await waiting();
  expect(await logins.begin('github')).toEqual({ url: PAGE });
  expect(logins.attempt('github')).toEqual({ state: 'waiting', until: NOW + 5 * 60_000 });
  expect(logins.attempt('other')).toBeNull();
  const before = changes();
  first.finish();
  await turn();
  expect(logins.attempt('github')).toBeNull();
  expect(restarted).toEqual(['github']);
  expect(changes()).toBeGreaterThan(before);
  expect(logged.join('\n')).not.toMatch(/the-state|the-challenge|auth\.example/);
});

it('joins a login that is being begun, and one that waits', async () => {
  const { logins, begun } = stage();
  const pages = [logins.begin('github'), logins.begin('github')];
  await turn();
  expect(begun).toHaveLength(1);
  begun[0]!.waits();
  pages.push(logins.begin('github'));
  expect(await Promise.all(pages)).toEqual([{ url: PAGE }, { url: PAGE }, { url: PAGE }]);
  expect(begun).toHaveLength(1);
});

it('tells the caller, and nobody else, that none can be begun', async () => {
  const { logins, begun } = stage();
  const page = logins.begin('github');
  await turn();
  begun[0]!.refuse(new PatchbayError('NOT_SUPPORTED', 'It has none.'));
  await expect(page).rejects.toMatchObject({ code: 'NOT_SUPPORTED' });
  expect(logins.attempt('github')).toBeNull();
});

it('keeps why a login failed until the next one, or until a person acts on the server', async () => {
  const { logins, first, begun, logged } = await waiting();
  const denied = new PatchbayError('LOGIN_NEEDED', 'failed: access_denied', { hint: 'Ask.' });
  first.fail(denied);
  await turn();
  expect(logins.attempt('github')).toEqual({
    state: 'failed',
    message: 'failed: access_denied',
    hint: 'Ask.',
  });
  expect(logged.join('\n')).not.toContain('access_denied');
  const again = logins.begin('github');
  expect(logins.attempt('github')).toMatchObject({ state: 'waiting' });
  await turn();
  begun[1]!.waits();
  await again;
  begun[1]!.fail(denied);
  await turn();
  logins.forgive('github');
  expect(logins.attempt('github')).toBeNull();
});

it('forgets one that a person broke off', async () => {
  const { logins, first, restarted } = await waiting();
  logins.cancel('github');
  await turn();
  expect(first.isCancelled).toBe(true);
  expect(logins.attempt('github')).toBeNull();
  expect(restarted).toEqual([]);
});

it('ends one that was broken off before there was an address, and lets the next one be', async () => {
  const { logins, begun } = stage();
  const page = logins.begin('github');
  await turn();
  logins.cancel('github');
  const next = logins.begin('github');
  await turn();
  begun[0]!.waits();
  await expect(page).rejects.toMatchObject({ code: 'LOGIN_NEEDED' });
  expect(begun[0]!.isCancelled).toBe(true);
  expect(logins.attempt('github')).toMatchObject({ state: 'waiting' });
  begun[1]!.waits();
  expect(await next).toEqual({ url: PAGE });
  expect(begun[1]!.isCancelled).toBe(false);
});

it('breaks off what waits when the login is forgotten', async () => {
  const { logins, first, forgotten, restarted } = await waiting();
  await logins.logout('github');
  expect(first.isCancelled).toBe(true);
  expect([forgotten, restarted]).toEqual([['github'], ['github']]);
  expect(logins.attempt('github')).toBeNull();
});

it('breaks off what waits for an address that the server no longer has', async () => {
  const { logins, first, addresses } = await waiting();
  logins.catalogChanged();
  expect(first.isCancelled).toBe(false);
  addresses.set('github', 'https://elsewhere.example/mcp');
  logins.catalogChanged();
  expect(first.isCancelled).toBe(true);
});

it('ends all with the hub, also those that have no address yet', async () => {
  const { logins, first, begun } = await waiting();
  const other = logins.begin('other');
  await turn();
  logins.close();
  begun[1]!.waits();
  await expect(other).rejects.toMatchObject({ code: 'LOGIN_NEEDED' });
  expect([first.isCancelled, begun[1]!.isCancelled]).toEqual([true, true]);
});
