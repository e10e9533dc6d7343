const STORAGE_KEY = 'patchbay.token';

/**
 * Moves a token from `#token=…` into the tab's session storage and strips it from the address bar, so that neither
 * history, bookmarks nor a shared screen keep it. Says whether there was one.
 */
export function takeTokenFromAddress(
  window: Pick<Window, 'location' | 'history' | 'sessionStorage'>,
): boolean {
  const found = /^#token=([^&]+)/.exec(window.location.hash);
  if (!found?.[1]) return false;
  window.sessionStorage.setItem(STORAGE_KEY, decodeURIComponent(found[1]));
  window.history.replaceState(null, '', `${window.location.pathname}${window.location.search}#/traffic`);
  return true;
}

/** The token of this tab, or null when it was never opened with one. */
export function rememberedToken(window: Pick<Window, 'sessionStorage'>): string | null {
  return window.sessionStorage.getItem(STORAGE_KEY);
}
