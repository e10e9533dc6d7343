import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Alert, AlertRule } from '../../../shared/model/alert.ts';
import type { Exchange } from '../../../shared/model/exchange.ts';
import { runCli, runJson } from '../../support/cli.ts';
import { startHub, type RunningHub } from '../../support/hub.ts';
import { expectNothingLeft } from '../../support/leak-check.ts';
import { type Collector, spansOf, startCollector, TraceData } from '../../support/otlp-collector.ts';
import type { RawClient } from '../../support/raw-client.ts';
import { installShimFor, startFixture } from '../../support/shim.ts';
import { temporaryHome, type TemporaryHome } from '../../support/temporary-home.ts';

let home: TemporaryHome;
let hub: RunningHub;
let client: RawClient;
let collector: Collector;

beforeAll(async () => {
  home = temporaryHome();
  installShimFor(home);
  collector = await startCollector();
  hub = await startHub(home);
  client = startFixture(home, 'echo-server');
  await client.initialize();
  for (let index = 0; index < 20; index += 1) await client.callTool('echo', { message: `${index}` });
  await client.request('tools/call', { name: 'fail', arguments: {} });
  // The log hears of an answer after the client does.
  await vi.waitFor(async () => expect(await listed('tool:*')).toHaveLength(21), { timeout: 10_000 });
});

afterAll(async () => {
  await client.end();
  await hub.stop();
  await collector.close();
  await expectNothingLeft(home);
  home.dispose();
});

const listed = (filter: string, ...words: string[]): Promise<Exchange[]> =>
  runJson(home, ['logs', '--filter', filter, ...words]);
const at = (name: string): string => path.join(home.root, name);

describe('traffic for other tools', () => {
  it.each(['har', 'jsonl'])('is written as %s, and read again without a hub', async (format) => {
    const file = at(`out.${format}`);
    const exported = await runJson(home, ['logs', '--export', format, '--out', file, '--filter', 'tool:*']);
    expect(exported).toEqual({ file, exchanges: 21 });
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
    const elsewhere = ['logs', '--open', file, '--data-dir', at('nowhere')];
    const opened = await runJson<Exchange[]>(home, elsewhere);
    expect(opened).toEqual(await listed('tool:*'));
    expect(await runJson(home, [...elsewhere, '--filter', 'tool:fail'])).toMatchObject([{ tool: 'fail' }]);
    expect(await runJson<Exchange[]>(home, [...elsewhere, '--limit', '3'])).toEqual(opened.slice(0, 3));
  });

  it('that was damaged since is refused with the line', async () => {
    const file = at('damaged.jsonl');
    await runJson(home, ['logs', '--export', 'jsonl', '--out', file, '--limit', '3']);
    const lines = readFileSync(file, 'utf8').split('\n');
    writeFileSync(file, [lines[0], lines[1]!.replace(':', ';'), lines[2]].join('\n'));
    const { code, stderr } = await runCli(home, ['logs', '--open', file]);
    expect(code).toBe(1);
    expect(stderr).toContain('INPUT_INVALID');
    expect(stderr).toContain('Line 2 is not JSON: A colon is missing.');
  });

  it('is written as spans and sent as spans, the same ones', async () => {
    const file = at('out.otlp.jsonl');
    await runJson(home, ['logs', '--export', 'otlp', '--out', file, '--filter', 'tool:*']);
    const written = readFileSync(file, 'utf8')
      .trimEnd()
      .split('\n')
      .flatMap((line) => spansOf(TraceData.parse(JSON.parse(line))));
    const sent = await runJson(home, ['logs', '--send-spans', collector.url, '--filter', 'tool:*'], {
      env: { OTEL_EXPORTER_OTLP_HEADERS: 'api-key=a%20b,x-tenant=t' },
    });
    expect(sent).toEqual({ url: collector.url, spans: 21 });
    expect(collector.spans()).toEqual(written);
    expect(collector.requests[0]?.headers).toMatchObject({ 'api-key': 'a b', 'x-tenant': 't' });
    expect(new Set(written.map(({ service }) => service))).toEqual(new Set(['echo-server']));
    expect(new Set(written.map(({ span }) => span.traceId)).size).toBe(1);
    expect(written.at(-1)?.span).toMatchObject({ name: 'tools/call fail', status: { code: 2 } });
  });

  it('leaves no half a file, and says what the collector said', async () => {
    const file = at('broken.har');
    const broken = await runCli(home, ['logs', '--export', 'har', '--out', file, '--filter', 'dur:soon']);
    expect([broken.code, existsSync(file), existsSync(`${file}.part`)]).toEqual([2, false, false]);
    collector.answers.push({ status: 400, body: '{"message":"quota"}' });
    const refused = await runCli(home, ['logs', '--send-spans', collector.url]);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('EXPORT_FAILED');
    expect(refused.stderr).toContain('answered 400: quota');
  });

  it('is not asked for in two ways at once', async () => {
    for (const words of [
      ['--follow', '--export', 'har', '--out', at('x')],
      ['--open', at('x'), '--send-spans', collector.url],
      ['--export', 'xml', '--out', at('x')],
      ['--send-spans', 'nowhere'],
      ['--open'],
      ['surplus'],
    ]) {
      expect((await runCli(home, ['logs', ...words])).code).toBe(2);
    }
  });
});

describe('saved filters', () => {
  it('are used by their name, together with another', async () => {
    const filter = 'tool:* status:failed';
    await runJson(home, ['filters', 'save', 'Trouble', filter]);
    expect(await runJson(home, ['filters'])).toEqual([{ name: 'Trouble', filter }]);
    expect(await listed('', '--saved', 'Trouble')).toMatchObject([{ tool: 'fail' }]);
    expect(await listed('tool:echo', '--saved', 'Trouble')).toEqual([]);
    expect(await runJson(home, ['stats', '--saved', 'Trouble'])).toMatchObject([{ tool: 'fail', count: 1 }]);
    expect((await runCli(home, ['logs', '--saved', 'Nothing'])).stderr).toContain('NOT_FOUND');
    expect(await runJson(home, ['filters', 'remove', 'Trouble'])).toEqual([]);
    expect((await runCli(home, ['filters', 'save', 'x', 'dur:soon'])).code).toBe(2);
  });
});

describe('alert rules', () => {
  it('are added, changed, shown to Prometheus and removed', async () => {
    expect(await runJson(home, ['alerts', 'rules'])).toEqual([]);
    await runJson(home, ['alerts', 'add', 'slow-calls', 'threshold=2s', 'server=echo-server']);
    const [rule] = await runJson<AlertRule[]>(home, ['alerts', 'add', 'slow-calls', 'for=10m']);
    expect(rule).toMatchObject({ id: 'slow-calls', threshold: 2_000, forMinutes: 10, server: 'echo-server' });
    expect(await runJson<Alert[]>(home, ['alerts'])).toEqual([]);
    const { yaml } = await runJson<{ yaml: string }>(home, ['alerts', 'prometheus']);
    expect((await runCli(home, ['alerts', 'prometheus'])).stdout).toBe(yaml);
    expect(yaml).toContain('server=\\"echo-server\\"');
    const { stdout } = await runCli(home, ['alerts', 'rules']);
    expect(stdout).toContain('slow-calls  on  echo-server  p99 above 2000 ms  for 10 min  Slow calls');
    expect(await runJson(home, ['alerts', 'remove', 'slow-calls'])).toEqual([]);
    expect((await runCli(home, ['alerts', 'remove', 'slow-calls'])).stderr).toContain('NOT_FOUND');
    const metrics = await fetch(new URL('/metrics', hub.url), {
      headers: { authorization: `Bearer ${hub.token}` },
    });
    expect(await metrics.text()).toContain('# TYPE patchbay_alerts_firing gauge');
  });
});
