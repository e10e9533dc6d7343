/** Parts of the detail, in the order of their keys 1 to 6. */
export const TABS = ['body', 'timing', 'messages', 'stderr', 'related', 'notes'] as const;
export type Tab = (typeof TABS)[number];

/** How bodies are shown: as a tree, or as they came. */
export type BodyForm = 'pretty' | 'raw';

/** What of an exchange is looked at, and how. */
export interface ViewState {
  tab: Tab;
  form: BodyForm;
}
