import { useCallback, useLayoutEffect, useRef } from 'react';

const FOCUSABLE = ['a[href]', 'button', 'input', 'select', 'textarea', '[tabindex="0"]']
  .map((selector) => `${selector}:not(:disabled)`)
  .join(',');

/** How long an opener may take to go after its dialog: what was done there comes back through the hub. */
const WATCH_MS = 10_000;

/**
 * Where the focus goes when a dialog closes whose opener has gone with what was done, or goes right after: to what is
 * nearest to the place it had. Null leaves it to the dialog, which gives it back to the opener.
 */
export function useReturnFocus(isOpen: boolean): () => HTMLElement | null {
  const opener = useRef<Element[]>([]);
  // Before the dialog takes the focus, and as soon as it gives it up.
  useLayoutEffect(() => {
    if (!isOpen) return undefined;
    stopWatching();
    opener.current = [...withAncestors(document.activeElement)];
    return () => watch(opener.current);
  }, [isOpen]);
  return useCallback(() => {
    const [own, ...around] = opener.current;
    return !own || own.isConnected ? null : nearestIn(around);
  }, []);
}

/** One dialog closes at a time. It outlives the component, which may go together with the opener. */
let stopWatching = (): void => {};

/** Moves the focus on if the opener is taken away while it has it. */
function watch([own, ...around]: readonly Element[]): void {
  stopWatching();
  if (!own) return;
  let hadFocus = false;
  const observer = new MutationObserver(() => {
    if (own.isConnected) return;
    stopWatching();
    if (hadFocus && document.activeElement === document.body) nearestIn(around)?.focus();
  });
  const follow = ({ target }: FocusEvent): void => {
    if (hadFocus && target !== own) stopWatching();
    hadFocus ||= target === own;
  };
  const timeout = setTimeout(() => stopWatching(), WATCH_MS);
  stopWatching = () => {
    observer.disconnect();
    document.removeEventListener('focusin', follow);
    clearTimeout(timeout);
  };
  document.addEventListener('focusin', follow);
  observer.observe(document.body, { childList: true, subtree: true });
}

/** The first thing to press in the innermost of these places that is still there. */
function nearestIn(places: readonly Element[]): HTMLElement | null {
  for (const place of places) {
    if (!place.isConnected) continue;
    const near = [...place.querySelectorAll<HTMLElement>(FOCUSABLE)].find((element) =>
      element.checkVisibility(),
    );
    if (near) return near;
  }
  return null;
}

/** From the inside out, as far as the page itself. */
function* withAncestors(element: Element | null): Iterable<Element> {
  for (let here = element; here && here !== document.body; here = here.parentElement) yield here;
}
