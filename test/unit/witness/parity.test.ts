import { expect, it } from 'vitest';
import { isParityKept, ParityRow } from '../../../shared/model/migration.ts';
import type { ProbeResult, WitnessLaunch } from '../../../electron/hub/migration/witness-port.ts';
import { compareParity } from '../../../electron/hub/witness/parity.ts';

const launch: WitnessLaunch = {
  client: 'claude-code',
  server: 'github',
  scope: 'user',
  command: 'node',
  args: [],
  cwd: '/',
  env: { TOKEN: 'secret' },
  route: 'direct',
};

function result(tools: Record<string, string> | null, extra: Partial<ProbeResult> = {}): ProbeResult {
  return {
    launch,
    tools: tools && new Map(Object.entries(tools)),
    startMs: tools && 100,
    latencyMs: tools && 2,
    route: 'direct',
    ...extra,
  };
}

const compare = (before: ProbeResult[], after: ProbeResult[]): ParityRow =>
  ParityRow.strict().parse(compareParity(before, after)[0]);

it('is kept when every tool came back with the same definition', () => {
  const row = compare(
    [result({ b: '1', a: '2' })],
    [result({ a: '2', b: '1' }, { route: 'hub', startMs: 130, latencyMs: 3 })],
  );
  expect(row).toEqual({
    client: 'claude-code',
    server: 'github',
    scope: 'user',
    toolsBefore: 2,
    toolsAfter: 2,
    missing: [],
    added: [],
    changed: [],
    startBeforeMs: 100,
    startAfterMs: 130,
    latencyBeforeMs: 2,
    latencyAfterMs: 3,
    route: 'hub',
  });
  expect(isParityKept(row)).toBe(true);
});

it('names what is missing, new and different, sorted', () => {
  const row = compare(
    [result({ z: '1', gone: '2', c: '3', b: '4' })],
    [result({ z: '1', c: 'x', b: 'y', new2: '5', new1: '6' })],
  );
  expect(row).toMatchObject({
    missing: ['gone'],
    added: ['new1', 'new2'],
    changed: ['b', 'c'],
    toolsBefore: 4,
    toolsAfter: 5,
  });
  expect(isParityKept(row)).toBe(false);
});

it('is lost with every tool when the server no longer answers, and says why', () => {
  const row = compare(
    [result({ b: '1', a: '2' })],
    [result(null, { error: 'The server ended.', route: 'bypass' })],
  );
  expect(row).toMatchObject({
    toolsAfter: null,
    missing: ['a', 'b'],
    changed: [],
    errorAfter: 'The server ended.',
    route: 'bypass',
  });
  expect(row).not.toHaveProperty('errorBefore');
  expect(isParityKept(row)).toBe(false);
});

it('is no loss when the server did not answer before either', () => {
  const broken = compare([result(null, { error: 'was broken' })], [result(null, { error: 'is broken' })]);
  expect(broken).toMatchObject({
    toolsBefore: null,
    toolsAfter: null,
    errorBefore: 'was broken',
    errorAfter: 'is broken',
  });
  expect(isParityKept(broken)).toBe(true);
  const healed = compare([result(null)], [result({ a: '1' })]);
  expect(healed).toMatchObject({ toolsBefore: null, toolsAfter: 1, added: [], missing: [] });
  expect(isParityKept(healed)).toBe(true);
});

it('matches by client, server, scope and project, one row for each result after', () => {
  const at = (extra: Partial<WitnessLaunch>): Partial<ProbeResult> => ({ launch: { ...launch, ...extra } });
  const places: Partial<WitnessLaunch>[] = [
    {},
    { scope: 'local', project: '/a' },
    { scope: 'local', project: '/b' },
    { client: 'claude-desktop' },
    { server: '__proto__' },
  ];
  const before = places.map((place, index) => result({ [`tool-${index}`]: 'h' }, at(place)));
  const after = [...places].reverse().map((place) => result({}, at(place)));
  const unknown = result({}, at({ server: 'new' }));
  expect(
    compareParity(before, [...after, unknown]).map((row) => [
      row.client,
      row.server,
      row.scope,
      row.project,
      row.missing,
    ]),
  ).toEqual([
    ['claude-code', '__proto__', 'user', undefined, ['tool-4']],
    ['claude-desktop', 'github', 'user', undefined, ['tool-3']],
    ['claude-code', 'github', 'local', '/b', ['tool-2']],
    ['claude-code', 'github', 'local', '/a', ['tool-1']],
    ['claude-code', 'github', 'user', undefined, ['tool-0']],
    ['claude-code', 'new', 'user', undefined, []],
  ]);
});
