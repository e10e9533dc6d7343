import { processesOf } from '../support/process-tree.ts';
import { installShimFor, startFixture } from '../support/shim.ts';
import { connected, exitOf } from './desktop-app.ts';
import { answerDialogs, askedQuestions } from './dialogs.ts';
import { expect, test } from './fixtures.ts';

// That nothing is left behind, no process, socket or temporary file, is checked after every test by the fixture.

test('quitting ends with code 0', async ({ desktop: { app } }) => {
  const exit = exitOf(app);
  await app.evaluate(({ app: electronApp }) => electronApp.quit());
  expect(await exit).toBe(0);
});

test('D20: SIGTERM ends it in order, asking nobody', async ({ desktop: { app } }) => {
  test.skip(process.platform === 'win32', 'Windows has no SIGTERM');
  const exit = exitOf(app);
  app.process().kill('SIGTERM');
  expect(await exit).toBe(0);
});

test('D16: with a live session it asks first; the session survives the quit', async ({
  home,
  desktop: { app, page },
}) => {
  installShimFor(home);
  const client = startFixture(home, 'echo-server', { PATCHBAY_NO_AUTOSTART: '1' });
  await client.initialize();
  await expect(page.getByText('1 session', { exact: true })).toBeVisible();

  await answerDialogs(app, 'Cancel');
  await app.evaluate(({ app: electronApp }) => electronApp.quit());
  await expect.poll(() => askedQuestions(app)).toMatchObject([{ message: 'Quit Patchbay?' }]);
  await expect(page.getByText('Hub connected')).toBeVisible();

  await answerDialogs(app, 'Quit');
  const exit = exitOf(app);
  await app.evaluate(({ app: electronApp }) => electronApp.quit());
  expect(await exit).toBe(0);
  expect(await client.request('tools/list')).toMatchObject({ result: { tools: expect.any(Array) } });
  await client.end();
});

test('D16: killed, the app takes its hub and its windows with it, and the next start takes over', async ({
  home,
  desktop: { app },
  start,
}) => {
  const exit = exitOf(app);
  app.process().kill('SIGKILL');
  await exit;
  await expect.poll(() => processesOf(home)).toEqual([]);
  await connected(await start());
});
