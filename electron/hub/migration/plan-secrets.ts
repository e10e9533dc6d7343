import type { SecretOffer } from '../../../shared/model/migration.ts';
import type { Entry } from './entry.ts';
import { isSecret, secretArguments } from './secrets.ts';

/** Every secret in clear of an entry, and what would take its place. */
export function secretOffers({ name, table, stdio, remote }: Entry): SecretOffer[] {
  const env = [...(stdio?.env ?? [])].flatMap(([key, value]) =>
    isSecret(key, value) ? [{ field: `env.${key}`, about: key }] : [],
  );
  const args = secretArguments(stdio?.args ?? []).flatMap((secret, index) =>
    secret ? [{ field: `args[${index}]`, about: `argument-${index}` }] : [],
  );
  const headers = [...(remote?.headers ?? [])].flatMap(([key, value]) =>
    isSecret(key, value) ? [{ field: `headers.${key}`, about: key }] : [],
  );
  return [...env, ...args, ...headers].map(({ field, about }) => {
    const secret = `${name}-${about}`.replace(/[^A-Za-z0-9_.-]/g, '-').slice(0, 128);
    return {
      entry: name,
      scope: table.scope,
      ...(table.project !== undefined && { project: table.project }),
      field,
      secret,
      reference: `\${secret:${secret}}`,
    };
  });
}
