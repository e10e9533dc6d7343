import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { messagesIn } from '../../../electron/main/messages/messages.ts';
import { noUpdatesInWords, whyNoUpdates } from '../../../electron/main/update-support.ts';

let root: string;
let appImage: string;
beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'patchbay-update-'));
  mkdirSync(path.join(root, 'apps'));
  appImage = path.join(root, 'apps', 'Patchbay.AppImage');
  writeFileSync(appImage, '');
  writeFileSync(path.join(root, 'app-update.yml'), 'provider: generic\n');
});
afterEach(() => {
  chmodSync(path.join(root, 'apps'), 0o700);
  rmSync(root, { recursive: true });
});

const why = (
  runtime: { os: NodeJS.Platform; packaged?: boolean; appImage?: string },
  { resources = root, isInApplications = true } = {},
): string | null => {
  const cannot = whyNoUpdates({
    runtime: { packaged: true, appImage: undefined, ...runtime },
    resources,
    isInApplications: () => isInApplications,
  });
  return cannot && noUpdatesInWords(cannot, messagesIn('en'));
};

test('an installed copy on Windows, a Mac’s in Applications, and an AppImage in a folder of one’s own can', () => {
  expect([why({ os: 'win32' }), why({ os: 'darwin' }), why({ os: 'linux', appImage })]).toEqual([
    null,
    null,
    null,
  ]);
});

test('the others say why, and what to do instead', () => {
  expect(why({ os: 'linux', packaged: false })).toMatch(/sources/);
  // A deb or rpm: the package manager would find its files changed under it.
  expect(why({ os: 'linux' })).toMatch(/package manager/);
  expect(why({ os: 'win32' }, { resources: path.join(root, 'apps') })).toMatch(/names no place/);
  expect(why({ os: 'darwin' }, { isInApplications: false })).toMatch(/Applications folder/);
});

test.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
  'an AppImage where nobody may write cannot',
  () => {
    chmodSync(path.join(root, 'apps'), 0o500);
    expect(why({ os: 'linux', appImage })).toMatch(/cannot be written/);
  },
);

test('an AppImage that is gone cannot', () => {
  rmSync(appImage);
  expect(why({ os: 'linux', appImage })).toMatch(/cannot be written/);
});
