import type { ServerState } from '../../../shared/model/server.ts';
import type { DotTone } from '../../ui/status-dot.tsx';

/** Which dot stands beside a state; the state itself is always written out too. */
export const STATE_TONES: Record<ServerState, DotTone> = {
  disabled: 'idle',
  idle: 'idle',
  starting: 'warn',
  running: 'good',
  failed: 'danger',
};
