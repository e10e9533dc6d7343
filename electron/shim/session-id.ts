import { closeSync, openSync, readSync } from 'node:fs';

/**
 * A random UUID. It names a session to the hub, behind a socket that only its owner can open, so nobody has to be kept
 * from guessing it; it is as random as any all the same. Read from the system because loading node:crypto takes more
 * of a shim's start than everything it does itself.
 */
export function newSessionId(): string {
  const bytes = systemRandom(16);
  if (bytes === null) return process.getBuiltinModule('node:crypto').randomUUID();
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** Null where the system has no such file: Windows, a bare container. */
function systemRandom(length: number): Buffer | null {
  try {
    const bytes = Buffer.alloc(length);
    const file = openSync('/dev/urandom', 'r');
    try {
      return readSync(file, bytes) === length ? bytes : null;
    } finally {
      closeSync(file);
    }
  } catch {
    return null;
  }
}
