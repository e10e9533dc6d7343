import { useCallback, useEffect, useRef, useState } from 'react';
import type { ErrorInfo } from '../../../shared/model/error.ts';
import type { ExportFormat } from '../../../shared/model/exchange.ts';
import { errorInfoOf } from '../../lib/error-info.ts';
import { useHubClient } from '../../lib/hub-context.tsx';
import { messages } from '../../messages/messages.ts';
import { exportName, fetchExport, MAX_EXPORTED } from './export-file.ts';
import { saveFile } from '../../lib/save-file.ts';

/** Where an export stands. */
export type ExportState =
  | { phase: 'idle' }
  | { phase: 'running'; format: ExportFormat; count: number }
  | { phase: 'done'; name: string; count: number; isCut: boolean }
  | { phase: 'failed'; error: ErrorInfo };

/** One export at a time, with progress; it ends with the screen. */
export interface ExportControls {
  state: ExportState;
  start(format: ExportFormat, filter: string): void;
  cancel(): void;
  dismiss(): void;
}

/** How often the count on the screen changes at most. */
const TELL_EVERY_MS = 100;

/** Exports what a filter finds into a download. */
export function useExport(): ExportControls {
  const client = useHubClient();
  const [state, setState] = useState<ExportState>({ phase: 'idle' });
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  const dismiss = useCallback(() => setState({ phase: 'idle' }), []);
  const cancel = useCallback(() => {
    running.current?.abort();
    running.current = null;
    setState({ phase: 'idle' });
  }, []);
  return {
    state,
    dismiss,
    cancel,
    start(format, filter) {
      running.current?.abort();
      if (client === null) {
        const error: ErrorInfo = {
          code: 'HUB_NOT_RUNNING',
          message: messages.common.hubAway,
        };
        return setState({ phase: 'failed', error });
      }
      const abort = new AbortController();
      running.current = abort;
      setState({ phase: 'running', format, count: 0 });
      let toldAt = 0;
      const onProgress = (count: number): void => {
        const now = performance.now();
        if (now - toldAt < TELL_EVERY_MS) return;
        toldAt = now;
        setState({ phase: 'running', format, count });
      };
      fetchExport(client, { filter, format, signal: abort.signal, onProgress })
        .then(({ file, count }) => {
          if (abort.signal.aborted) return;
          const name = exportName(format, Date.now());
          saveFile(name, file);
          setState({ phase: 'done', name, count, isCut: count >= MAX_EXPORTED });
        })
        .catch((error: unknown) => {
          if (!abort.signal.aborted) setState({ phase: 'failed', error: errorInfoOf(error) });
        });
    },
  };
}
