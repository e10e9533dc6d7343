import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { type Alert, ALERT_TEMPLATES } from '../../../shared/model/alert.ts';
import { runJson } from '../../support/cli.ts';
import { startHub } from '../../support/hub.ts';
import { expectNothingLeft } from '../../support/leak-check.ts';
import { temporaryHome } from '../../support/temporary-home.ts';

it('what fires is known to the next hub, after kill -9 and after a quiet end, until its rule goes', async () => {
  const home = temporaryHome();
  const rule = ALERT_TEMPLATES.find(({ id }) => id === 'server-down')!;
  const since = Date.now() - 10 * 60_000;
  const alert: Alert = {
    rule: rule.id,
    name: rule.name,
    kind: rule.kind,
    server: 'github',
    tool: null,
    state: 'firing',
    value: 1,
    threshold: 0,
    since,
    resolvedAt: null,
  };
  const write = (name: string, content: object): void =>
    writeFileSync(path.join(home.dataDir, name), JSON.stringify(content), { mode: 0o600 });
  mkdirSync(home.dataDir, { recursive: true, mode: 0o700 });
  write('alerts.json', { rules: [rule] });
  // As a hub leaves it that was killed while the alert fired.
  write('alert-states.json', { alerts: [{ alert, rule, seenAt: since + 60_000 }] });
  const alerts = (): Promise<Alert[]> => runJson(home, ['alerts']);
  try {
    let hub = await startHub(home);
    expect(await alerts()).toEqual([alert]);
    await hub.kill();
    hub = await startHub(home);
    expect(await alerts()).toEqual([alert]);
    await hub.stop();
    expect(hub.log()).not.toMatch(/alert\.(?:firing|resolved)/);
    hub = await startHub(home);
    expect(await alerts()).toEqual([alert]);
    await runJson(home, ['alerts', 'remove', rule.id]);
    await hub.kill();
    hub = await startHub(home);
    expect(await alerts()).toMatchObject([{ state: 'resolved', since }]);
    await hub.stop();
    await expectNothingLeft(home);
  } finally {
    home.dispose();
  }
});
