import { PatchbayError } from '../../../shared/model/error.ts';
import type { HubApi } from '../../hub/api/hub-link.ts';
import { text } from '../command-line.ts';
import type { Context } from '../context.ts';

/** `--filter`, `--saved`, or both: then both must hold. Throws NOT_FOUND for a name nobody saved. */
export async function chosenFilter({ line }: Context, api: HubApi): Promise<string> {
  const filter = text(line, 'filter') ?? '';
  const name = text(line, 'saved');
  if (name === undefined) return filter;
  const saved = (await api.filters.list()).find((candidate) => candidate.name === name);
  if (saved) return [saved.filter, filter].filter((part) => part.trim() !== '').join(' ');
  throw new PatchbayError('NOT_FOUND', `There is no saved filter ${JSON.stringify(name)}.`, {
    hint: 'See: patchbay filters',
  });
}
