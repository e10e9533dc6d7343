import type { SecretOffer } from '../../../shared/model/migration.ts';
import type { PlanOptions } from '../../../shared/model/migration.ts';
import type { ClientAdapter } from '../clients/client-adapter.ts';
import type { Entry } from './entry.ts';
import type { MovedSecret } from './moved-secrets.ts';
import { isSecret, secretArguments } from './secrets.ts';
import { hubReason } from './stay-reason.ts';

/** Names the secrets in clear of a plan, and knows which of them the person wants moved. */
export interface SecretPlan {
  /** Every secret in clear of an entry, and what would take its place. */
  offers(entry: Entry, adapter: ClientAdapter): SecretOffer[];
  /** Those that go to the store if the entry is routed. */
  moved(entry: Entry, adapter: ClientAdapter): MovedSecret[];
}

interface FoundSecret {
  field: string;
  /** What the name in the store ends with. */
  about: string;
  value: string;
  part: 'env' | 'headers' | 'args';
}

/**
 * A name of the store is never given to another value than the one it has there: rotated tokens, and entries of one name
 * in several projects, get `-2`, `-3`, … The client is part of the name, so that it does not depend on which clients a
 * plan is about.
 */
export function createSecretPlan(
  stored: ReadonlyMap<string, string>,
  moveSecrets: PlanOptions['moveSecrets'],
): SecretPlan {
  const given = new Map<string, string>();
  const byEntry = new Map<Entry, SecretOffer[]>();

  function nameFor(base: string, value: string): string {
    for (let count = 1; ; count += 1) {
      const name = count === 1 ? base : `${base}-${count}`;
      const present = stored.get(name) ?? given.get(name);
      if (present !== undefined && present !== value) continue;
      given.set(name, value);
      return name;
    }
  }

  function offers(entry: Entry, adapter: ClientAdapter): SecretOffer[] {
    const known = byEntry.get(entry);
    if (known) return known;
    const made = secretsIn(entry).map(({ field, about, value, part }): SecretOffer => {
      const base = `${adapter.id}.${entry.name}.${about}`.replace(/[^A-Za-z0-9_.-]/g, '-').slice(0, 120);
      const secret = nameFor(base, value);
      return {
        entry: entry.name,
        scope: entry.table.scope,
        ...(entry.table.project !== undefined && { project: entry.table.project }),
        field,
        secret,
        reference: `\${secret:${secret}}`,
        movable: part !== 'args' && !entry.route && canMove(entry, adapter, field),
      };
    });
    byEntry.set(entry, made);
    return made;
  }

  return {
    offers,
    moved: (entry, adapter) =>
      offers(entry, adapter)
        .filter(({ movable, secret }) => movable && (moveSecrets === 'all' || moveSecrets?.includes(secret)))
        .map(({ field, secret }) => {
          const [part, key] = splitField(field);
          return { part, key, secret };
        }),
  };
}

function splitField(field: string): [part: MovedSecret['part'], key: string] {
  const dot = field.indexOf('.');
  return [field.slice(0, dot) === 'env' ? 'env' : 'headers', field.slice(dot + 1)];
}

function secretsIn({ stdio, remote }: Entry): FoundSecret[] {
  const args = stdio?.args ?? [];
  const named = (part: 'env' | 'headers', values: ReadonlyMap<string, string> | undefined): FoundSecret[] =>
    [...(values ?? [])].flatMap(([key, value]) =>
      isSecret(key, value) ? [{ field: `${part}.${key}`, about: key, value, part }] : [],
    );
  return [
    ...named('env', stdio?.env),
    ...secretArguments(args).flatMap((isOne, index): FoundSecret[] =>
      isOne
        ? [{ field: `args[${index}]`, about: `argument-${index}`, value: args[index]!, part: 'args' }]
        : [],
    ),
    ...named('headers', remote?.headers),
  ];
}

/** An entry whose secret is in the store is started from the catalog, so the hub must be able to do that. */
function canMove(entry: Entry, adapter: ClientAdapter, field: string): boolean {
  if (entry.remote) return true;
  const name = field.slice('env.'.length);
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && hubReason(entry, adapter, 'merged') === null;
}
