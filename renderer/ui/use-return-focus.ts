import { useCallback, useLayoutEffect, useRef } from 'react';

const FOCUSABLE = ['a[href]', 'button', 'input', 'select', 'textarea', '[tabindex="0"]']
  .map((selector) => `${selector}:not(:disabled)`)
  .join(',');

/**
 * Where the focus goes when a dialog closes whose opener has gone with what was done: to what is nearest to the place
 * it had. Null leaves it to the dialog, which gives it back to the opener.
 */
export function useReturnFocus(isOpen: boolean): () => HTMLElement | null {
  const opener = useRef<Element[]>([]);
  // Before the dialog takes the focus.
  useLayoutEffect(() => {
    if (isOpen) opener.current = [...withAncestors(document.activeElement)];
  }, [isOpen]);
  return useCallback(() => {
    const [own, ...around] = opener.current;
    if (!own || own.isConnected) return null;
    for (const place of around) {
      if (!place.isConnected) continue;
      const near = [...place.querySelectorAll<HTMLElement>(FOCUSABLE)].find((element) =>
        element.checkVisibility(),
      );
      if (near) return near;
    }
    return null;
  }, []);
}

/** From the inside out, as far as the page itself. */
function* withAncestors(element: Element | null): Iterable<Element> {
  for (let here = element; here && here !== document.body; here = here.parentElement) yield here;
}
