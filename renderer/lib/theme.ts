import { useSyncExternalStore } from 'react';
import { create } from 'zustand';

export const THEME_CHOICES = ['system', 'light', 'dark'] as const;
export type ThemeChoice = (typeof THEME_CHOICES)[number];

const STORAGE_KEY = 'patchbay.theme';

const stored = (): ThemeChoice => {
  const value = localStorage.getItem(STORAGE_KEY);
  return THEME_CHOICES.find((choice) => choice === value) ?? 'system';
};

/** The theme a person chose for this browser; `system` follows the OS. */
export const useTheme = create<{ choice: ThemeChoice; choose(choice: ThemeChoice): void }>()((set) => ({
  choice: stored(),
  choose(choice) {
    localStorage.setItem(STORAGE_KEY, choice);
    set({ choice });
  },
}));

const systemIsDark = (): MediaQueryList => window.matchMedia('(prefers-color-scheme: dark)');

/** Whether the page is dark now, by choice or because the OS is. */
export function useIsDark(): boolean {
  const { choice } = useTheme();
  const isSystemDark = useSyncExternalStore(
    (listener) => {
      const query = systemIsDark();
      query.addEventListener('change', listener);
      return () => query.removeEventListener('change', listener);
    },
    () => systemIsDark().matches,
  );
  return choice === 'dark' || (choice === 'system' && isSystemDark);
}

/** Keeps `data-theme` on the root element in step with the choice; tokens.css does the rest. */
export function applyTheme(root: HTMLElement): () => void {
  const apply = (choice: ThemeChoice): void => {
    if (choice === 'system') delete root.dataset.theme;
    else root.dataset.theme = choice;
  };
  apply(useTheme.getState().choice);
  return useTheme.subscribe((state) => apply(state.choice));
}
