import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import type { ClientId } from '../../shared/model/client.ts';
import { faultyFiles } from '../unit/migration/faulty-files.ts';
import { OPERATIONS, type OperationName } from './operations.ts';
import { realEngine, type Place, type RealEngine } from './real-engine.ts';

/** One operation on one prepared home. */
export interface Scene {
  name: string;
  client: ClientId;
  operation: OperationName;
  /** Brings a home with the original files to where the operation begins. */
  prepare(place: Place): Promise<void>;
  /** What the operation may change, as it is before and after an undisturbed run. */
  target(place: Place): string;
}

const CODE = `{
  "numStartups": 12345678901234567890,
  "mcpServers": { "github": { "command": "npx", "args": ["-y", "github"], "env": { "GITHUB_TOKEN": "ghp_0123456789abcdef" } } },
  "projects": { "/home/ada/work": { "mcpServers": { "files": { "type": "stdio", "command": "files" } } } }
}`;
const DESKTOP =
  '{\r\n\t"mcpServers": {\r\n\t\t"memory": {\r\n\t\t\t"command": "memory",\r\n\t\t\t"args": []\r\n\t\t}\r\n\t}\r\n}\r\n';
const CATALOG = '{\n  // mine\n  "mcpServers": {\n    "old": { "command": "old" }\n  }\n}\n';
const SECRETS = `${JSON.stringify({ version: 1, secrets: { github: 'old' }, credentials: {} }, null, 2)}\n`;

const configOf = ({ home }: Place, client: ClientId): string =>
  client === 'claude-code'
    ? path.join(home, '.claude.json')
    : path.join(home, '.config', 'Claude', 'claude_desktop_config.json');
const catalogOf = ({ dataRoot }: Place): string => path.join(dataRoot, 'mcp-servers.json');
const secretsOf = ({ dataRoot }: Place): string => path.join(dataRoot, 'secrets.json');

const engineOf = (place: Place, client: ClientId, firstToken = 1): RealEngine =>
  realEngine(place, client, firstToken);

const CONFIG_SCENES = (['claude-code', 'claude-desktop'] as const).flatMap((client): Scene[] => {
  const target = (place: Place): string => configOf(place, client);
  const migrate = (place: Place): Promise<void> => OPERATIONS.migrate(engineOf(place, client));
  return [
    { name: `migrate ${client}`, client, operation: 'migrate', prepare: async () => {}, target },
    { name: `roll back ${client}`, client, operation: 'rollback', prepare: migrate, target },
    {
      name: `roll back ${client}, edited since`,
      client,
      operation: 'rollback',
      async prepare(place) {
        await migrate(place);
        const text = readFileSync(target(place), 'utf8');
        writeFileSync(target(place), text.replace('{', '{ "later": true,'));
      },
      target,
    },
    {
      name: `recover ${client}`,
      client,
      operation: 'recover',
      prepare: (place) => endInTheMiddle(place, client),
      target,
    },
  ];
});

export const SCENES: readonly Scene[] = [
  ...CONFIG_SCENES,
  {
    name: 'edit the catalog',
    client: 'claude-code',
    operation: 'edit-catalog',
    prepare: async () => {},
    target: catalogOf,
  },
  {
    name: 'set a secret',
    client: 'claude-code',
    operation: 'set-secret',
    prepare: async () => {},
    target: secretsOf,
  },
];

/** A migration that ended right after the config had been replaced: the most that a repair can have to do. */
async function endInTheMiddle(place: Place, client: ClientId): Promise<void> {
  const { service, storage } = engineOf(place, client);
  const original = readFileSync(configOf(place, client));
  for (let at = 1; ; at += 1) {
    putOriginals(place);
    // The same engine as a process that is gone, over files that stop working: its object is read at every call.
    storage.owner = { pid: process.pid, mark: 'an earlier process' };
    Object.assign(storage, {
      files: faultyFiles(engineOf(place, client).storage.files, { kind: 'crash', at }).files,
    });
    await OPERATIONS.migrate({ service, storage } as RealEngine).catch(() => {});
    if (!readFileSync(configOf(place, client)).equals(original)) return;
  }
}

/** Everything as it is before anybody does anything. */
export function putOriginals(place: Place): void {
  for (const folder of [place.home, place.dataRoot]) rmSync(folder, { recursive: true, force: true });
  for (const [file, text] of [
    [configOf(place, 'claude-code'), CODE],
    [configOf(place, 'claude-desktop'), DESKTOP],
    [catalogOf(place), CATALOG],
    [secretsOf(place), SECRETS],
  ] as const) {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, text, { mode: 0o600 });
  }
  mkdirSync(path.join(place.dataRoot, 'migrations'), { mode: 0o700 });
}

/** Puts a prepared home where the next run works. */
export function layOut(template: Place, place: Place): void {
  for (const key of ['home', 'dataRoot'] as const) {
    rmSync(place[key], { recursive: true, force: true });
    cpSync(template[key], place[key], { recursive: true, preserveTimestamps: true });
  }
}

/** The bytes that an operation is about; null for no file. */
export const bytesAt = (file: string): string | null =>
  existsSync(file) ? readFileSync(file, 'latin1') : null;

/**
 * What must hold after any end of a run: the target is exactly old or exactly new; the next start repairs; backups are
 * what they should be; everything can be taken back byte for byte; nothing lies about.
 */
export async function expectSound(
  scene: Scene,
  place: Place,
  states: readonly (string | null)[],
  label: string,
): Promise<void> {
  const { client, target } = scene;
  expect(states, `${label}: the target right after the end`).toContain(bytesAt(target(place)));

  const { service, data } = engineOf(place, client, 0x100000);
  await service.recover();
  expect(await service.recover(), `${label}: a second repair has nothing to do`).toEqual([]);
  for (const { state, files } of await service.history()) {
    expect(state, label).not.toBe('applying');
    for (const { backup } of files)
      expect(bytesAt(backup), `${label}: ${backup}`).toBe(
        Buffer.from(client === 'claude-code' ? CODE : DESKTOP).toString('latin1'),
      );
  }
  const rolledBack = await service.rollback({ dryRun: false });
  expect(
    rolledBack.files.filter(({ result }) => result === 'conflict'),
    label,
  ).toEqual([]);
  expectOriginal(scene, place, label);

  const litter = [
    ...readdirSync(path.dirname(configOf(place, client))),
    ...readdirSync(data.root),
    ...readdirSync(data.migrations),
  ];
  expect(
    litter.filter((name) => /\.tmp$|^journal|^lock/.test(name)),
    `${label}: nothing lies about`,
  ).toEqual([]);
  expect(statSync(secretsOf(place)).mode & 0o777, label).toBe(0o600);
}

function expectOriginal({ operation, client, name }: Scene, place: Place, label: string): void {
  const config = readFileSync(configOf(place, client), 'utf8');
  const original = client === 'claude-code' ? CODE : DESKTOP;
  const expected = name.endsWith('edited since') ? original.replace('{', '{ "later": true,') : original;
  expect(config, `${label}: taken back`).toBe(expected);
  if (operation !== 'edit-catalog') expect(readFileSync(catalogOf(place), 'utf8'), label).toBe(CATALOG);
}
