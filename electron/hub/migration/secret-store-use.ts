import { PatchbayError } from '../../../shared/model/error.ts';
import { assertSecretName, assertSecretValue } from '../secrets/secret-names.ts';
import { editSecretsFile, readSecretsFile } from '../secrets/secrets-file.ts';
import { readCatalogFile } from '../servers/edit-catalog-file.ts';
import { launchTexts, remoteTexts } from '../servers/fill-in-definition.ts';
import { secretNames } from '../servers/resolve-variables.ts';
import type { Engine } from './engine.ts';

/**
 * Puts the values of a migration into the store. Throws CONFIG_CHANGED when a name has got another value since the
 * plan, and USAGE for a value that the store does not take. Callers hold the data lock.
 */
export async function storeSecrets(
  { storage, data }: Engine,
  values: ReadonlyMap<string, string>,
): Promise<void> {
  if (values.size === 0) return;
  for (const [name, value] of values) {
    assertSecretName(name);
    assertSecretValue(name, value);
  }
  await editSecretsFile(storage, data, ({ secrets }) => {
    for (const [name, value] of values) {
      const present = Object.hasOwn(secrets, name) ? secrets[name] : value;
      if (present !== value) {
        throw new PatchbayError(
          'CONFIG_CHANGED',
          `The secret ${name} has got another value since the plan was made.`,
          { hint: 'Look at the new plan and try again.' },
        );
      }
      secrets[name] = value;
    }
  });
}

/** Those of the names that the store has and no server of the catalog asks for. */
export async function unusedSecrets({ storage, data }: Engine, names: readonly string[]): Promise<string[]> {
  if (names.length === 0) return [];
  const [{ secrets }, catalog] = await Promise.all([
    readSecretsFile(storage, data),
    readCatalogFile(storage, data),
  ]);
  const asked = [...catalog.values()].flatMap((definition) =>
    [...launchTexts(definition), ...remoteTexts(definition)].flatMap(secretNames),
  );
  const used = new Set(asked);
  return [...new Set(names)].filter((name) => Object.hasOwn(secrets, name) && !used.has(name));
}

/** Takes those of the names out of the store that nothing uses; gives them. Callers hold the data lock. */
export async function dropUnusedSecrets(engine: Engine, names: readonly string[]): Promise<string[]> {
  const unused = await unusedSecrets(engine, names);
  if (unused.length === 0) return [];
  await editSecretsFile(engine.storage, engine.data, ({ secrets }) => {
    for (const name of unused) delete secrets[name];
  });
  return unused;
}

/** The same where it is not the point: a store or catalog that cannot be read now keeps what it has. */
export async function dropUnusedSecretsIfPossible(
  engine: Engine,
  names: readonly string[],
): Promise<string[]> {
  try {
    return await dropUnusedSecrets(engine, names);
  } catch (error) {
    if (!(error instanceof PatchbayError)) throw error;
    engine.logger.log('warn', 'migration.secrets-not-removed', { code: error.code });
    return [];
  }
}
