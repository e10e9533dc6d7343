import { describe, expect, test } from 'vitest';
import { messages as german } from '../../../electron/main/messages/de/messages.ts';
import { messages as english } from '../../../electron/main/messages/en/messages.ts';
import { messages as germanWindow } from '../../../renderer/messages/de/messages.ts';
import { messages as englishWindow } from '../../../renderer/messages/en/messages.ts';
import { type Given, numbersIn, saidInBoth, textsOf, wordsOf } from '../language/said-in-both.ts';

const inEnglish = textsOf(english);

/** What the texts are given that have a form of their own for a value. */
const SPECIAL: Record<string, readonly Given[]> = {
  'tray.errors': [[0]],
  'tray.sessions': [[0]],
  'tray.routed': [
    [0, 0, 2],
    [2, 0, 2],
  ],
  'tray.servers': [
    [0, 0, 0],
    [3, 0, 1],
  ],
};

const said = saidInBoth(inEnglish, textsOf(german), (path, count) => [
  ['2003', '3001', '4001'].slice(0, count),
  Array<string>(count).fill('1'),
  ...(SPECIAL[path] ?? []),
]);

/** Names and words that both languages share. */
const SAME_IN_BOTH: ReadonlySet<string> = new Set(['OK', 'Clients']);

describe('the German texts', () => {
  test('say something wherever the English ones do, with every number they are given', () => {
    expect(said.length).toBeGreaterThan(inEnglish.size);
    expect(
      said.filter(
        (one) =>
          one.german.trim() === '' ||
          one.german.includes('#') ||
          numbersIn(one.german).join() !== numbersIn(one.english).join(),
      ),
    ).toEqual([]);
  });

  test('differ from the English ones, but for what both languages share', () => {
    const same = said.filter((one) => one.german === one.english && /\p{L}/u.test(one.german));
    expect(new Set(same.map((one) => wordsOf(one.german)))).toEqual(SAME_IN_BOTH);
  });
});

test.each([
  ['English', english, englishWindow],
  ['German', german, germanWindow],
])('in %s the shell calls things what the window calls them', (_, shell, window) => {
  const { servers, traffic, clients, status, desktopSettings, common } = window;
  const { notification: _sent, ...outcomes } = traffic.outcome;
  const { none: _noServers, ...routing } = clients.routing;
  const lower = (words: Record<string, string>): Record<string, string> =>
    Object.fromEntries(Object.entries(words).map(([key, word]) => [key, word.toLowerCase()]));
  const { none: _noneInTray, ...trayRouting } = shell.tray.routing;
  expect(lower(shell.tray.serverState)).toEqual(lower(servers.shortState));
  expect(lower(shell.tray.outcome)).toEqual(lower(outcomes));
  expect(lower(trayRouting)).toEqual(lower(routing));
  // Small numbers only: the window's German here writes them as this process does.
  expect([0, 1, 7].map(shell.tray.errors)).toEqual([0, 1, 7].map(status.errors));
  expect([1, 7].map(shell.tray.sessions)).toEqual([1, 7].map(status.sessions));
  expect(shell.tray.openAtLogin.toLowerCase()).toBe(desktopSettings.launchAtLogin.toLowerCase());
  expect(shell.common.cancel).toBe(common.cancel);
  expect(shell.hub.tryAgain.toLowerCase()).toBe(common.retry.toLowerCase());
  expect(shell.routing.rollBack.confirm.toLowerCase()).toBe(clients.rollBack.toLowerCase());
});
