import { expect, it } from 'vitest';
import type { ParityRow } from '../../../shared/model/migration.ts';
import { ParityReport, reportOfParity } from '../../../electron/hub/migration/report/parity-report.ts';
import { reportHtml } from '../../../electron/hub/migration/report/report-html.ts';
import { reportJson } from '../../../electron/hub/migration/report/report-json.ts';
import { DEFAULT_TRIGGER } from '../../../electron/hub/migration/settle/latency-trigger.ts';

const row = (more: Partial<ParityRow> = {}): ParityRow => ({
  client: 'claude-code',
  server: 'github',
  scope: 'user',
  toolsBefore: 3,
  toolsAfter: 3,
  missing: [],
  added: [],
  changed: [],
  startBeforeMs: 100,
  startAfterMs: 110,
  latencyBeforeMs: 2,
  latencyAfterMs: 2.5,
  route: 'hub',
  ...more,
});
const report = (...rows: ParityRow[]): ParityReport =>
  reportOfParity(
    rows,
    { names: new Map([['claude-code', 'Claude Code']]), at: '2026-11-21T09:00:00.000Z', version: '1.0.0' },
    DEFAULT_TRIGGER,
  );

it('gives every row its verdict and says how it was measured', () => {
  const made = report(
    row(),
    row({ server: 'b', missing: ['prompt greet'] }),
    row({ server: 'c', latencyAfterMs: 60 }),
    row({ server: 'd', toolsBefore: null, toolsAfter: null }),
  );
  expect(made.clients[0]!.entries.map(({ verdict }) => verdict)).toEqual([
    'same',
    'lost',
    'slower',
    'silent',
  ]);
  expect(made.measured.join(' ')).toMatch(/No tool was called/);
  expect(ParityReport.parse(JSON.parse(reportJson(made)))).toEqual(made);
});

it('E26: is one page that runs nothing, whatever servers call their tools', () => {
  const html = reportHtml(
    report(
      row({
        server: '<script>alert(1)</script>',
        missing: ['"><img src=x onerror=alert(1)>', '\u202Etxt.exe\u0000'],
        errorAfter: `</style><svg onload='x'>`,
      }),
    ),
  );
  expect(html).not.toMatch(/<script|<img|<svg|\u202E|\u0000/);
  expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(html).toContain("default-src 'none'");
  // Nothing is fetched from anywhere.
  expect(html).not.toMatch(/<[^>]*\b(src|href)=|url\(|@import/);
  expect(html.match(/<\/style>/g)).toHaveLength(1);
  expect(html).toContain('prefers-color-scheme: dark');
  expect(html).toContain('@media print');
});

it('says first what matters', () => {
  expect(reportHtml(report(row()))).toContain('1 of 1 server entries offer the same as before.');
  expect(reportHtml(report(row({ missing: ['x'] })))).toContain('1 lost something');
});
