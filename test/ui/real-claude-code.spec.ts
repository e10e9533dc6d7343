import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { claudeCode } from '../support/claude-code.ts';
import { installClaudeCode } from '../support/install-claude-code.ts';
import { referenceServer } from '../support/reference-servers.ts';
import { startScriptedModel } from '../support/scripted-model.ts';
import { expect, goTo, migrateByWizard, test } from './patchbay-test.ts';

// Fetched from npm on the first run.
test.beforeAll(async () => {
  test.setTimeout(400_000);
  await installClaudeCode();
});

test('a session of the real Claude Code is migrated by the wizard, seen while it runs, and rolled back', async ({
  home,
  ui,
}) => {
  test.setTimeout(180_000);
  const model = await startScriptedModel();
  try {
    const claude = await claudeCode(home);
    await claude.add({ scope: 'user', name: 'everything', command: referenceServer('everything') });
    await claude.add({
      scope: 'local',
      name: 'memory',
      command: referenceServer('memory'),
      env: { MEMORY_FILE_PATH: path.join(home.root, 'memory.jsonl') },
    });
    await migrateByWizard(ui);
    await expect(ui.getByText('All 2 servers answer through Patchbay')).toBeVisible();

    // The session waits for a file, so that the screens show it as it runs.
    const gate = path.join(home.root, 'go-on');
    const run = claude.runScript(
      model,
      ['everything', 'memory'],
      [
        'CALL mcp__everything__echo {"message":"seen"}',
        `WAITFILE ${gate}`,
        'CALL mcp__memory__read_graph {}',
      ],
    );
    await Promise.race([model.waitingFor(gate), run]);
    await goTo(ui, '#/traffic?filter=method:tools/call');
    const echo = ui.getByRole('row', { name: /echo.*OK/ });
    await expect(echo).toContainText(`Claude Code · ${path.basename(home.project)}`);
    await echo.click();
    const detail = ui.getByRole('complementary', { name: 'Exchange' });
    await expect(detail).toContainText('seen');
    await expect(ui.getByText('2 sessions')).toBeVisible();

    writeFileSync(gate, '');
    const results = await run;
    expect(results.map(({ is_error }) => is_error)).toEqual([false, false]);
    await expect(ui.getByRole('row', { name: /read_graph/ })).toBeVisible();
    await expect(ui.getByText('0 sessions')).toBeVisible();

    await goTo(ui, '#/clients');
    const client = ui.getByRole('region', { name: 'Claude Code', exact: true });
    await client.getByRole('button', { name: 'Roll back' }).click();
    const dialog = ui.getByRole('dialog', { name: 'Roll back' });
    await dialog.getByRole('button', { name: 'Put back 1 file' }).click();
    // Claude Code has counted its start since.
    await expect(dialog.getByText('Originals are back, your later edits were kept')).toBeVisible();
    expect(readFileSync(path.join(home.home, '.claude.json'), 'utf8')).not.toContain('shim.cjs');
    expect(await claude.list()).toEqual({ everything: '✔ Connected', memory: '✔ Connected' });
  } finally {
    await model.close();
  }
});
