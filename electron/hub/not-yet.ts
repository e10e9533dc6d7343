import { PatchbayError } from '../../shared/model/error.ts';

/** Stands in for a part that is being built. */
export const notYet = <T extends object>(): T =>
  new Proxy({} as T, {
    get: () => () => {
      throw new PatchbayError('NOT_SUPPORTED', 'This is being built.');
    },
  });
