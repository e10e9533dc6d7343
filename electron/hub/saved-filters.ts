import { parseFilter } from '../../shared/filter/parse-filter.ts';
import { PatchbayError } from '../../shared/model/error.ts';
import { SavedFilter } from '../../shared/model/saved-filter.ts';
import type { Changes } from './changes.ts';
import { openListFile } from './list-file.ts';
import type { Logger } from './log.ts';

/** Filters that people gave a name, in `filters.json` of the data folder. */
export interface SavedFilters {
  list(): SavedFilter[];
  /** Takes the place of the one of the same name. Throws FILTER_INVALID, or INPUT_INVALID at the bound of 100. */
  save(saved: SavedFilter): Promise<void>;
  /** Throws NOT_FOUND. */
  remove(name: string): Promise<void>;
}

const MAX_FILTERS = 100;

/** The saved filters of this data folder, in the order they were first saved. */
export function openSavedFilters(file: string, logger: Logger, changes: Pick<Changes, 'emit'>): SavedFilters {
  const kept = openListFile({ file, member: 'filters', item: SavedFilter, max: MAX_FILTERS, logger });
  return {
    list: () => [...kept.items()],
    async save(saved) {
      const parsed = parseFilter(saved.filter);
      if (!parsed.ok) {
        const { message, start } = parsed.error;
        throw new PatchbayError('FILTER_INVALID', message, { line: 1, column: start + 1 });
      }
      await kept.change((filters) => {
        const isKnown = filters.some(({ name }) => name === saved.name);
        if (isKnown) return filters.map((filter) => (filter.name === saved.name ? saved : filter));
        if (filters.length < MAX_FILTERS) return [...filters, saved];
        throw new PatchbayError('INPUT_INVALID', `At most ${MAX_FILTERS} filters can be saved.`, {
          hint: 'Remove one that is not used any more.',
        });
      });
      changes.emit('filters');
    },
    async remove(name) {
      await kept.change((filters) => {
        const rest = filters.filter((filter) => filter.name !== name);
        if (rest.length < filters.length) return rest;
        throw new PatchbayError('NOT_FOUND', `There is no saved filter ${JSON.stringify(name)}.`);
      });
      changes.emit('filters');
    },
  };
}
