import { parseSettings, type FoundSettings } from './read-settings.ts';
import type { ReadRegistry, RegistryPolicy } from './windows-policies.ts';

/** The policies that the registry holds for a client. */
export interface RegistryPolicies {
  administrator: FoundSettings[];
  /** Of the person's own part of the registry. */
  own: FoundSettings[];
  /** Keys that are there and are not read. */
  opaque: string[];
}

/** Looks which of the keys are there. A registry that cannot be asked is told as one that is not read. */
export async function readRegistryPolicies(
  policies: readonly RegistryPolicy[],
  readRegistry: ReadRegistry | undefined,
): Promise<RegistryPolicies> {
  const found: RegistryPolicies = { administrator: [], own: [], opaque: [] };
  if (!readRegistry || policies.length === 0) return found;
  try {
    const keys = await readRegistry(policies.map(({ key }) => key));
    for (const { key, value, isOwn } of policies) {
      const values = keys.get(key);
      if (!values) continue;
      if (value === null) found.opaque.push(key);
      // Names of values are compared without case, as Windows does.
      const name = Object.keys(values).find((one) => one.toLowerCase() === value?.toLowerCase());
      const text = name === undefined ? undefined : values[name];
      if (text === undefined) continue;
      const path = `${key}\\${name}`;
      found[isOwn ? 'own' : 'administrator'].push({
        path,
        managed: true,
        ...parseSettings(Buffer.from(text), path),
      });
    }
  } catch {
    found.opaque.push(...policies.filter(({ isOwn }) => !isOwn).map(({ key }) => key));
  }
  return found;
}
