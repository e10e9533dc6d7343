import fc from 'fast-check';
import { withDataLock } from '../../electron/hub/files/data-lock.ts';
import { applyAll } from '../unit/migration/engine-fixture.ts';
import type { Fault } from '../unit/migration/faulty-files.ts';
import type { Aftermath } from '../unit/migration/memory-files.ts';
import { expect } from 'vitest';
import { CATALOG, CONFIGS, ORIGINALS, type ConfigPath, type JsonObject, type World } from './world.ts';

/** The world is its own model: what must be true of it stands beside it. */
export type Step = fc.AsyncCommand<World, World>;

const step = (name: string, run: (world: World) => Promise<void> | void): Step => ({
  check: () => true,
  run: async (world) => {
    await run(world);
  },
  toString: () => name,
});

const clientOf = (path: ConfigPath): 'claude-code' | 'claude-desktop' =>
  path === CONFIGS[0] ? 'claude-code' : 'claude-desktop';

const config = fc.constantFrom(...CONFIGS);
const clients = fc.subarray([...CONFIGS], { minLength: 1 }).map((paths) => paths.map(clientOf));
const aftermath = fc.constantFrom<Aftermath>(
  'killed',
  'power-cut',
  'power-cut-names-first',
  'power-cut-home-first',
);
const at = fc.integer({ min: 1, max: 260 });

/** What Patchbay does, by itself or ended, failed and starved at any call. */
const ours = fc.oneof(
  clients.map((chosen): [string, (world: World, fault?: Fault, end?: Aftermath) => Promise<unknown>] => [
    `migrate ${chosen.join('+')}`,
    async (world, fault, end) => {
      const before = new Map(CONFIGS.map((path) => [path, world.disk.text(path)]));
      const outcome = await world.doOurs(
        ({ service }) => applyAll(service, { witness: false, clients: chosen }),
        {
          ...(fault && { fault }),
          ...(end && { aftermath: end }),
        },
      );
      // Later migrations of the same file do not move the point to which all of them are taken back.
      for (const path of CONFIGS)
        if (!world.pristine.has(path) && !before.get(path)?.includes('shim.cjs') && before.get(path) !== null)
          world.pristine.set(path, before.get(path)!);
      return outcome;
    },
  ]),
  fc
    .oneof(
      fc.constant({}),
      clients.map((chosen) => ({ clients: chosen })),
      fc.nat(3).map((index) => ({ index })),
    )
    .map((what): [string, (world: World, fault?: Fault, end?: Aftermath) => Promise<unknown>] => [
      `roll back ${JSON.stringify(what)}`,
      (world, fault, end) =>
        world.doOurs(
          async ({ service }) => {
            if (!('index' in what)) return await service.rollback({ ...what, dryRun: false });
            const history = await service.history();
            const item = history[what.index];
            return item && (await service.rollback({ migration: item.id, dryRun: false }));
          },
          { ...(fault && { fault }), ...(end && { aftermath: end }) },
        ),
    ]),
  fc.constant<[string, (world: World, fault?: Fault, end?: Aftermath) => Promise<unknown>]>([
    'repair',
    (world, fault, end) =>
      world.doOurs(({ service }) => service.recover(), {
        ...(fault && { fault }),
        ...(end && { aftermath: end }),
      }),
  ]),
);

const undisturbed = ours.map(([name, run]) =>
  step(name, async (world) => {
    await run(world);
    await world.engine().service.recover();
    await world.expectSettled();
  }),
);

const ended = fc
  .tuple(ours, at, aftermath, fc.constantFrom('crash' as const, 'torn-crash' as const))
  .map(([[name, run], call, end, kind]) =>
    step(`${name}, ended at call ${call} (${kind}, ${end})`, async (world) => {
      await run(world, { kind, at: call }, end);
    }),
  );

const failing = fc
  .tuple(ours, at, fc.constantFrom('EIO', 'EACCES', 'EBUSY', 'full'))
  .map(([[name, run], call, code]) =>
    step(`${name}, ${code} at call ${call}`, async (world) => {
      await run(world, code === 'full' ? { kind: 'disk-full', at: call } : { kind: 'error', at: call, code });
    }),
  );

const restart = fc.constant(
  step('restart', async (world) => {
    await world.doOurs(({ service }) => service.recover());
    await world.expectSettled();
  }),
);

const neighbour = clients.map((chosen) =>
  step(`migrate ${chosen.join('+')} while another Patchbay is at work`, async (world) => {
    // What a sudden end left is for the next one at work, whoever that is.
    await world.doOurs(({ service }) => service.recover());
    const other = world.neighbour(999);
    const texts = CONFIGS.map((path) => world.disk.text(path));
    await withDataLock(other.storage, other.data, 'a test', async () => {
      const { service } = world.engine({ kind: 'none' }, 999);
      await expect(applyAll(service, { witness: false, clients: chosen })).rejects.toMatchObject({
        code: 'MIGRATION_BUSY',
      });
      expect(await service.recover()).toEqual([]);
    });
    expect(CONFIGS.map((path) => world.disk.text(path))).toEqual(texts);
  }),
);

/** As Claude Code saves: parsed and printed again, numbers as JavaScript has them, a key of its own changed. */
const clientSave = fc.tuple(config, fc.boolean()).map(([path, reorders]) =>
  step(`${clientOf(path)} saves${reorders ? ', in another order' : ''}`, (world) => {
    world.writeAsOther(
      path,
      (value) => {
        value.numStartups = Number(value.numStartups ?? 0) + 1;
        if (!reorders) return;
        const [first] = Object.keys(value);
        const moved = value[first!]!;
        delete value[first!];
        value[first!] = moved;
      },
      (value) => JSON.stringify(value, null, 2),
    );
  }),
);

const entryName = fc.constantFrom('github', 'memory', 'files', 'new', 'a/b', '__proto__x');
const print = fc.constantFrom(
  (value: JsonObject) => `${JSON.stringify(value, null, '\t').replaceAll('\n', '\r\n')}\r\n`,
  (value: JsonObject) => JSON.stringify(value),
  (value: JsonObject) => `${JSON.stringify(value, null, 4)}\n`,
);

const userEdit = fc
  .tuple(
    config,
    entryName,
    fc.constantFrom('adds', 'removes', 'gives an argument to', 'takes over', 'names a key beside'),
    print,
  )
  .map(([path, name, what, printer]) =>
    step(`the person ${what} ${name} in the config of ${clientOf(path)}`, (world) => {
      world.writeAsOther(path, (value) => edit(value, what, name), printer);
    }),
  );

function edit(value: JsonObject, what: string, name: string): void {
  const servers = (value.mcpServers ??= {}) as Record<string, JsonObject>;
  const entry = servers[name];
  if (what === 'names a key beside') value[`about ${name}`] = true;
  else if (what === 'adds') servers[name] ??= { command: `${name}-command`, args: ['x'] };
  else if (what === 'removes') delete servers[name];
  else if (what === 'takes over') servers[name] = { command: 'own' };
  else if (entry) entry.args = [...((entry.args ?? []) as string[]), 'more'];
}

const wipe = fc
  .tuple(config, fc.constantFrom('empties', 'resets', 'truncates', 'deletes'))
  .map(([path, how]) =>
    step(`somebody ${how} the config of ${clientOf(path)}`, (world) => {
      const texts: Record<string, string | null> = {
        empties: '{\n  "mcpServers": {}\n}\n',
        resets: '{\n  "numStartups": 1\n}',
        truncates: '{\n  "mcpServers": {\n    "git',
        deletes: null,
      };
      world.replace(path, texts[how]!);
    }),
  );

const bringBack = config.map((path) =>
  step(`the person brings the first config of ${clientOf(path)} back`, (world) =>
    world.replace(path, ORIGINALS[path]),
  ),
);

const catalogEdit = fc.constantFrom('one', 'two').map((name) =>
  step(`the person adds ${name} to the catalog`, (world) => {
    if (world.ownServers.has(name)) return;
    const text = world.disk.text(CATALOG)!;
    world.disk.put(
      CATALOG,
      text.replace('"mcpServers": {', `"mcpServers": {\n    "${name}": { "command": "${name}" },`),
    );
    world.ownServers.add(name);
  }),
);

/** Everything that can happen, Patchbay's own doing more often than the rest. */
export const STEPS: fc.Arbitrary<Step>[] = [
  undisturbed,
  undisturbed,
  ended,
  ended,
  failing,
  restart,
  neighbour,
  clientSave,
  userEdit,
  wipe,
  bringBack,
  catalogEdit,
];
