import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Finished, projectRoot, runProgram } from '../../support/cli.ts';
import { expectNothingLeft } from '../../support/leak-check.ts';
import { type PackedApp, packApp, runBuilder } from '../../support/pack-app.ts';
import { fixtureServer } from '../../support/shim.ts';
import { temporaryHome, type TemporaryHome } from '../../support/temporary-home.ts';

let home: TemporaryHome;
let packed: PackedApp;

/** A person of this machine as the script finds them: a home with our data folder where it usually is. */
interface Person {
  name: string;
  home: string;
  config: string;
  before: string;
}

function person(name: string): Person {
  const folder = path.join(home.root, name);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const config = path.join(folder, '.claude.json');
  const echo = { type: 'stdio', command: process.execPath, args: [fixtureServer('echo-server')] };
  const before = `${JSON.stringify({ numStartups: 1, mcpServers: { echo } }, null, 2)}\n`;
  writeFileSync(config, before, { mode: 0o600 });
  return { name, home: folder, config, before };
}

const envOf = ({ home: folder }: Person): Record<string, string> => {
  const { PATCHBAY_HOME: _home, XDG_DATA_HOME: _data, ...rest } = home.env;
  return { ...rest, HOME: folder, PATCHBAY_NO_AUTOSTART: '1' };
};

/** Routes a person's client with the command line of the packed app, as they would. */
async function route(who: Person): Promise<void> {
  const command = path.join(packed.resources, 'bin', 'patchbay');
  const run = await runProgram(command, ['migrate', '--yes', '--no-witness'], {
    cwd: who.home,
    env: envOf(who),
  });
  expect(run.code, run.stdout + run.stderr).toBe(0);
  expect(readFileSync(who.config, 'utf8')).toContain('shim.cjs');
}

/**
 * Runs the script of the package as dpkg or rpm does, with its fixed place of the app turned into ours, and with
 * commands that ask the system about people or become them replaced.
 */
function removePackage(
  people: Person[],
  word: string,
  extra: Record<string, string> = {},
): Promise<Finished> {
  const tools = path.join(home.root, 'tools');
  mkdirSync(tools, { recursive: true });
  const tool = (name: string, body: string): void => {
    writeFileSync(path.join(tools, name), `#!/bin/sh\n${body}\n`);
    chmodSync(path.join(tools, name), 0o755);
  };
  const lines = people.map(({ name, home: at }) => `${name}:x:1000:1000:${name}:${at}:/bin/sh`);
  tool('getent', `cat <<'END'\nroot:x:0:0:root:/nowhere:/bin/sh\n${lines.join('\n')}\nEND`);
  // `runuser -u NAME -- COMMAND …`; the mark lets the test find what is left behind.
  tool(
    'runuser',
    `echo "$2" >> '${tools}/became'\nshift 3\nshift 2\nexec env -i ${Object.entries(home.env)
      .filter(([name]) => name === 'PATCHBAY_TEST_RUN')
      .map(([name, value]) => `${name}=${value}`)
      .join(' ')} "$@"`,
  );
  const script = path.join(home.root, 'before-remove.sh');
  writeFileSync(
    script,
    readFileSync(path.join(projectRoot, 'build', 'linux', 'before-remove.sh'), 'utf8').replace(
      'app=/opt/Patchbay',
      `app='${packed.folder}'`,
    ),
  );
  return runProgram('/bin/sh', [script, word], {
    cwd: '/',
    env: { PATH: `${tools}:/usr/bin:/bin`, ...extra },
  });
}

describe.runIf(process.platform === 'linux')('removing the package', () => {
  beforeAll(async () => {
    home = temporaryHome();
    packed = await packApp(home);
  }, 120_000);
  afterAll(async () => {
    await expectNothingLeft(home);
    home.dispose();
  });

  test('everybody’s configs are put back first, byte for byte; who never used it is left in peace', async () => {
    const [anna, ben, carl] = [person('anna'), person('ben'), person('carl')];
    await route(anna);
    await route(ben);
    const run = await removePackage([anna, ben, carl], 'remove');
    expect(run.code, run.stdout + run.stderr).toBe(0);
    for (const who of [anna, ben, carl]) expect(readFileSync(who.config, 'utf8')).toBe(who.before);
    expect(run.stdout).toContain('putting back the configurations of anna');
    expect(readFileSync(path.join(home.root, 'tools', 'became'), 'utf8')).toBe('anna\nben\n');
    // What is theirs stays: the catalog they made, and the backups.
    expect(existsSync(path.join(anna.home, '.local', 'share', 'patchbay', 'mcp-servers.json'))).toBe(true);
  });

  test('an upgrade is no removal: nothing is touched', async () => {
    const dora = person('dora');
    await route(dora);
    const routed = readFileSync(dora.config, 'utf8');
    // rpm says how many versions remain.
    for (const word of ['upgrade', '1', 'failed-upgrade', '']) {
      const run = await removePackage([dora], word);
      expect([word, run.code, readFileSync(dora.config, 'utf8')]).toEqual([word, 0, routed]);
    }
    expect((await removePackage([dora], '0')).code).toBe(0);
    expect(readFileSync(dora.config, 'utf8')).toBe(dora.before);
  });

  test('a config that cannot be put back keeps the package, unless it is removed all the same', async () => {
    const emil = person('emil');
    await route(emil);
    writeFileSync(emil.config, '{ "mcpServers": { broken');
    const run = await removePackage([emil], 'remove');
    expect(run.code).toBe(1);
    expect(run.stderr).toContain('could not be put back, for: emil');
    expect(run.stderr).toContain('PATCHBAY_REMOVE_ANYWAY=1');
    expect((await removePackage([emil], 'remove', { PATCHBAY_REMOVE_ANYWAY: '1' })).code).toBe(0);
  });

  test('deb and rpm carry it, and link the command line', async () => {
    const fpm = path.join(home.root, 'fpm');
    const kept = path.join(home.root, 'fpm-scripts');
    mkdirSync(kept);
    // Keeps what fpm is given, and makes the file that is expected of it.
    writeFileSync(
      fpm,
      `#!/bin/sh
kind=
while [ $# -gt 0 ]; do
  case $1 in
    -t) kind=$2 ;;
    --after-install | --after-remove) cp "$2" "${kept}/$kind$1" ;;
    --before-remove=*) cp "\${1#*=}" "${kept}/$kind--before-remove" ;;
    --package) : > "$2" ;;
  esac
  shift
done
`,
    );
    chmodSync(fpm, 0o755);
    const run = await runBuilder(home, ['--linux', 'deb', 'rpm', '--publish', 'never'], {
      CUSTOM_FPM_PATH: fpm,
      PATCHBAY_HOMEPAGE: 'https://patchbay.example/',
      PATCHBAY_PACKAGE_OUTPUT: path.join(home.root, 'release-packages'),
    });
    expect(run.code, run.stdout + run.stderr).toBe(0);
    for (const kind of ['deb', 'rpm']) {
      const script = (name: string): string => readFileSync(path.join(kept, `${kind}--${name}`), 'utf8');
      expect(script('before-remove')).toContain('uninstall --yes --keep-data');
      expect(script('after-install')).toContain(
        "ln -sf '/opt/Patchbay/resources/bin/patchbay' '/usr/bin/patchbay'",
      );
      for (const name of ['before-remove', 'after-install', 'after-remove']) {
        expect(script(name)).not.toMatch(/\$\{(executable|sanitizedProductName)\}/);
        const check = await runProgram('bash', ['-n', path.join(kept, `${kind}--${name}`)], {
          cwd: '/',
          env: home.env,
        });
        expect(check).toMatchObject({ code: 0, stderr: '' });
      }
    }
  });
});
