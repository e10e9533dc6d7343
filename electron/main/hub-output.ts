import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { Logger } from '../hub/log.ts';

const MAX_BYTES = 2_000_000;

/** Where the output of the hub and of main goes, for someone who looks after a crash. */
export interface OutputFile {
  readonly path: string;
  write(chunk: Uint8Array): void;
  close(): void;
}

/**
 * A log of at most two files of {@link MAX_BYTES} each. A disk that is full or read-only costs the log, never the app.
 */
export function openOutputFile(file: string, maxBytes = MAX_BYTES): OutputFile {
  let handle: number | null = null;
  let size = 0;

  function open(): void {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    handle = openSync(file, 'a', 0o600);
    size = fstatSync(handle).size;
  }

  function turnOver(): void {
    close();
    renameSync(file, `${file}.1`);
    open();
  }

  function close(): void {
    if (handle !== null) closeSync(handle);
    handle = null;
  }

  return {
    path: file,
    write(chunk) {
      try {
        if (handle === null) open();
        if (size + chunk.length > maxBytes && size > 0) turnOver();
        if (handle !== null) size += writeSync(handle, chunk);
      } catch {
        // Nobody to tell: this is where one would tell it.
      }
    },
    close,
  };
}

/** The log of main itself, in the same form and file as the hub's: one JSON record per line. */
export const outputLogger = (write: (chunk: Uint8Array) => void): Logger => ({
  log(level, event, fields = {}) {
    const record = { at: new Date().toISOString(), level, event: `desktop.${event}`, ...fields };
    write(Buffer.from(`${JSON.stringify(record)}\n`));
  },
});
