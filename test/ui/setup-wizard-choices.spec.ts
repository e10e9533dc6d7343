import { readFileSync } from 'node:fs';
import { desktopStandIn } from '../support/desktop-client/desktop-stand-in.ts';
import { inspect } from './inspect.ts';
import { expect, goTo, test } from './patchbay-test.ts';
import { SECRET, writeRichConfigs } from './rich-configs.ts';
import { sha256 } from './sample-configs.ts';

// Pictures in two themes and two sizes, over real servers.
test.setTimeout(180_000);

test('shows what each way costs in numbers, and offers only what there is', async ({ home, ui }) => {
  const configs = writeRichConfigs(home);
  await goTo(ui, '#/setup?step=choose&client=claude-code');
  const ways = ui.getByRole('group', { name: 'Ways to route' });
  const names = ways.getByRole('row', { name: /^Names of tools/ });
  await expect(names.getByRole('cell').nth(0)).toHaveText('stay the same');
  await expect(names.getByRole('cell').nth(2)).toHaveText('change for 3 entries');
  const offline = ways.getByRole('row', { name: /^When the hub is down/ });
  await expect(offline.getByRole('cell').nth(0)).toHaveText('servers start without it');
  await expect(offline.getByRole('cell').nth(3)).toContainText('no tools');
  const rules = ways.getByRole('row', { name: /^Rules, hooks and sub-agents/ });
  await expect(rules.getByRole('cell').nth(0)).toHaveText('5 keep matching');
  await expect(rules.getByRole('cell').nth(2)).toHaveText('5 stop matching');
  await inspect(ui, 'setup-choose');

  await ui.getByRole('checkbox', { name: 'Route 1 server of projects’ shared .mcp.json files' }).check();
  await expect(
    ways
      .getByRole('row', { name: /^Entries routed/ })
      .getByRole('cell')
      .nth(0),
  ).toHaveText('4');
  await ui.getByRole('button', { name: 'Review the changes' }).click();
  await expect(ui.getByText(`goes before the entry in ${configs.shared}`)).toBeVisible();
  await ui.getByRole('button', { name: 'Back' }).click();

  // Rules are only offered where they break.
  const rewrite = ui.getByRole('checkbox', { name: 'Rewrite the permission rules' });
  await expect(rewrite).toHaveCount(0);
  await ui.getByRole('radio', { name: 'One entry for all', exact: true }).check();
  await rewrite.check();
  await expect(rules.getByRole('cell').nth(2)).toHaveText('5 stop matching, 4 rewritten');
  await inspect(ui, 'setup-choose-merged');

  // All of it is in the address: a reload changes nothing.
  await ui.reload();
  await expect(ui.getByRole('radio', { name: 'One entry for all', exact: true })).toBeChecked();
  await expect(rewrite).toBeChecked();
  await ui.getByRole('button', { name: 'Review the changes' }).click();

  const code = ui.getByRole('region', { name: configs.claudeCode, exact: true });
  const broken = code.getByRole('listitem').filter({ hasText: 'stops matching' });
  await expect(broken.filter({ hasText: 'reviewer.md' })).toContainText(
    'write mcp__patchbay__filesystem__read_text_file in its place',
  );
  await expect(
    code
      .getByRole('listitem')
      .filter({ hasText: 'mcp__everything__echo' })
      .filter({ hasText: 'is rewritten' }),
  ).toContainText('becomes mcp__patchbay__everything__echo');
  const settings = ui.getByRole('region', { name: configs.settings, exact: true });
  await expect(settings.getByText('4 rules rewritten')).toBeVisible();
  await expect(code.getByText('holds a secret in clear')).toHaveCount(2);
  await expect(ui.locator('body')).not.toContainText(SECRET);
  await inspect(ui, 'setup-review-merged');

  // Back again, and everything is as it was chosen.
  await ui.getByRole('button', { name: 'Back' }).click();
  await expect(rewrite).toBeChecked();
});

test('a limit that is no number is refused where it is typed', async ({ configs, ui }) => {
  expect(configs.claudeCode).toContain('.claude.json');
  await goTo(ui, '#/setup?step=choose');
  const percent = ui.getByRole('textbox', { name: 'Slower by more than, in percent' });
  await percent.fill('a lot');
  await expect(ui.getByText('A whole number from 0 to 100,000.')).toBeVisible();
  await percent.fill('20');
  await expect(percent).toHaveAttribute('aria-invalid', 'false');
  await expect.poll(() => new URL(ui.url()).hash).toContain('slower=20-25');
});

test('a running client is only quit with consent, then started again, and comes to the hub', async ({
  home,
  configs,
  ui,
}) => {
  const desktop = desktopStandIn(home);
  try {
    const pid = await desktop.launch();
    await desktop.until(({ event }) => event === 'saved');
    const before = sha256(configs.claudeDesktop);
    await goTo(ui, '#/setup?step=review&client=claude-desktop');
    const file = ui.getByRole('region', { name: configs.claudeDesktop, exact: true });
    await expect(file.getByText('can only be changed while the client is closed')).toBeVisible();
    const consent = file.getByRole('checkbox', { name: 'Quit Claude Desktop for me' });
    await expect(consent).not.toBeChecked();
    await expect(ui.getByRole('button', { name: 'Apply to 0 files' })).toBeDisabled();
    await inspect(ui, 'setup-review-running');
    await consent.check();
    // Consent is given here and now: a reload forgets it.
    await ui.reload();
    await expect(consent).not.toBeChecked();
    expect(sha256(configs.claudeDesktop)).toBe(before);
    await consent.check();
    await ui.getByRole('button', { name: 'Apply to 1 file' }).click();
    await expect(ui.getByText('The 1 server answers through Patchbay')).toBeVisible({ timeout: 60_000 });
    expect(readFileSync(configs.claudeDesktop, 'utf8')).toContain('shim.cjs');
    await desktop.until((event) => event.event === 'stopped' && event.pid === pid);
    await desktop.until((event) => event.event === 'started' && event.pid !== pid);
  } finally {
    desktop.close();
    // Shims that outlive the hub start another.
    await expect(ui.getByText('0 sessions')).toBeVisible();
  }
});
