import type { SharingAdvice } from '../../../shared/model/sharing.ts';

/** Watches what sessions of a server have in common, and says what sharing it would save. Never changes a thing unasked. */
export interface SharingAdviser {
  advice(): Promise<SharingAdvice[]>;
  /** Throws SERVER_UNKNOWN, or INPUT_INVALID when nothing is offered. */
  try(server: string): Promise<void>;
  /** Throws NOT_FOUND when no trial runs. */
  takeBack(server: string): Promise<void>;
  /** Ends the trial and leaves the new isolation. Throws NOT_FOUND. */
  keep(server: string): Promise<void>;
}
