import { PatchbayError } from '../../shared/model/error.ts';
import type { Platform } from './data-folder.ts';

/** Clients are pointed at this port; it never drifts. */
export const DEFAULT_PORT = 12_009;

/** `PATCHBAY_PORT`, else 12009. 0 takes any free port. Throws USAGE for anything that is no port. */
export function configuredPort({ env }: Platform): number {
  const given = env.PATCHBAY_PORT;
  if (!given) return DEFAULT_PORT;
  const port = Number(given);
  if (!/^\d{1,5}$/.test(given) || port > 65_535) {
    throw new PatchbayError('USAGE', `PATCHBAY_PORT is ${JSON.stringify(given)}, which is no port.`, {
      hint: 'Set it to a number from 0 to 65535, or remove it.',
    });
  }
  return port;
}
