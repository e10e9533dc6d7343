import type { LineSink } from '../../../electron/hub/logging/line-sink.ts';
import type { LogLevel } from '../../../electron/hub/log.ts';

export interface MemorySink extends LineSink {
  readonly lines: { line: string; level: LogLevel }[];
}

/** Keeps lines where a test can see them. */
export function memorySink(): MemorySink {
  const lines: MemorySink['lines'] = [];
  return {
    lines,
    dropped: 0,
    write: (line, level) => void lines.push({ line, level }),
    flushSync: () => {},
    close: async () => {},
  };
}
