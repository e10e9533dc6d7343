import type { DataFolder } from '../data-folder.ts';
import type { Storage } from '../files/storage.ts';
import { assertSecretName, assertSecretValue, secretMissing, secretVariable } from './secret-names.ts';
import { changeSecretsFile, readSecretsFile } from './secrets-file.ts';

/** One secret as it may be shown. */
export interface SecretListing {
  name: string;
  /** `environment` where a variable of the hub's process stands in for the stored value. */
  source: 'store' | 'environment';
}

/** The person's own secrets, asked for as `${secret:NAME}`. Values leave it by `require` alone. */
export interface SecretStore {
  /**
   * The value for a launch; read anew each time, so that a change counts from the next start on. Rejects with
   * SECRET_MISSING naming it, DATA_FOLDER_UNSAFE or CONFIG_MALFORMED.
   */
  require(name: string): Promise<string>;
  /** Names in their order, without values. */
  list(): Promise<SecretListing[]>;
  /** Rejects with USAGE for a name or value that cannot be. */
  set(name: string, value: string): Promise<void>;
  /** Rejects with SECRET_MISSING. */
  remove(name: string): Promise<void>;
  /** Logins at remote servers. */
  readonly credentials: CredentialStore;
}

/** Plain JSON values by key, kept as safe as the secrets are. */
export interface CredentialStore {
  load(key: string): Promise<unknown>;
  /** null forgets it. */
  save(key: string, value: object | null): Promise<void>;
  keys(): Promise<string[]>;
}

/** What a store needs; `env` is the hub's own environment, where `PATCHBAY_SECRET_NAME` wins over the stored value. */
export interface SecretStoreOptions {
  storage: Storage;
  data: DataFolder;
  env: Readonly<Record<string, string | undefined>>;
}

/** The store of a hub without a keychain: `secrets.json` in the data folder. */
export function openSecretStore({ storage, data, env }: SecretStoreOptions): SecretStore {
  const fromEnvironment = (name: string): string | undefined => {
    const variable = secretVariable(name);
    // An empty variable is how shells unset one for a child.
    return (Object.hasOwn(env, variable) ? env[variable] : undefined) || undefined;
  };
  return {
    async require(name) {
      assertSecretName(name);
      const given = fromEnvironment(name);
      if (given !== undefined) return given;
      const { secrets } = await readSecretsFile(storage, data);
      const stored = Object.hasOwn(secrets, name) ? secrets[name] : undefined;
      if (stored === undefined) throw secretMissing(name);
      return stored;
    },
    async list() {
      const { secrets } = await readSecretsFile(storage, data);
      return Object.keys(secrets)
        .toSorted()
        .map((name) => ({ name, source: fromEnvironment(name) === undefined ? 'store' : 'environment' }));
    },
    async set(name, value) {
      assertSecretName(name);
      assertSecretValue(name, value);
      await changeSecretsFile(storage, data, ({ secrets }) => {
        secrets[name] = value;
      });
    },
    async remove(name) {
      assertSecretName(name);
      await changeSecretsFile(storage, data, ({ secrets }) => {
        if (!Object.hasOwn(secrets, name)) throw secretMissing(name);
        delete secrets[name];
      });
    },
    credentials: {
      async load(key) {
        const { credentials } = await readSecretsFile(storage, data);
        return Object.hasOwn(credentials, key) ? credentials[key] : null;
      },
      async save(key, value) {
        await changeSecretsFile(storage, data, ({ credentials }) => {
          if (value === null) delete credentials[key];
          else credentials[key] = value;
        });
      },
      keys: async () => Object.keys((await readSecretsFile(storage, data)).credentials),
    },
  };
}
