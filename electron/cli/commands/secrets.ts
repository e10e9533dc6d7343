import { prepareDataFolder } from '../../hub/data-folder.ts';
import { nodeStorage } from '../../hub/files/storage.ts';
import { openSecretStore } from '../../hub/secrets/secret-store.ts';
import { assertSecretName } from '../../hub/secrets/secret-names.ts';
import { usage } from '../command-line.ts';
import type { Context } from '../context.ts';
import { readSecretValue } from '../secret-input.ts';

/** What `${secret:NAME}` stands for: names are listed, values only ever go in. Needs no hub; one that runs reads anew. */
export async function secrets(context: Context): Promise<number> {
  const { data, platform, output, line } = context;
  const [verb = 'list', name, ...rest] = line.words;
  if (!['list', 'set', 'remove'].includes(verb))
    throw usage(`secrets does not know ${JSON.stringify(verb)}.`);
  if (verb === 'list' ? name !== undefined : rest.length > 0) {
    // A value on the command line is in the shell's history and in every list of processes.
    throw usage(
      `secrets ${verb} takes ${verb === 'list' ? 'nothing more' : 'one name; the value comes from standard input'}.`,
    );
  }
  prepareDataFolder(data);
  const store = openSecretStore({ storage: nodeStorage(platform.os), data, env: platform.env });
  if (verb !== 'list') {
    if (name === undefined) throw usage('Which secret? Give its name.');
    assertSecretName(name);
    if (verb === 'set') await store.set(name, await readSecretValue(process.stdin, `Value of ${name}: `));
    else await store.remove(name);
  }
  const listed = await store.list();
  if (output.wantsJson) output.json(listed);
  else if (listed.length === 0) output.say('There are no secrets.');
  else
    output.table(
      listed.map(({ name: of, source }) => [of, source === 'store' ? '' : 'from the environment']),
    );
  return 0;
}
