import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** One file of an Electron archive. */
export interface AsarFile {
  /** Path in the archive, with slashes. */
  path: string;
  /** It lies beside the archive, in `app.asar.unpacked`. */
  unpacked: boolean;
  /** SHA-256 that Electron holds it to where integrity is enforced; null when the archive names none. */
  hash: string | null;
  content: Buffer;
}

interface Node {
  files?: Record<string, Node>;
  size?: number;
  offset?: string;
  unpacked?: boolean;
  integrity?: { algorithm: string; hash: string };
}

/**
 * Reads an archive as Electron does: Node cannot, and what was packed is to be checked by something that did not pack it.
 * Four 32-bit numbers (the last one the length of what follows), the header as JSON, then all contents end to end.
 */
export function readAsar(archive: string): AsarFile[] {
  const bytes = readFileSync(archive);
  const base = 8 + bytes.readUInt32LE(4);
  const header = JSON.parse(bytes.toString('utf8', 16, 16 + bytes.readUInt32LE(12))) as Node;
  const found: AsarFile[] = [];
  const visit = (node: Node, at: string): void => {
    for (const [name, child] of Object.entries(node.files ?? {})) {
      const inside = at === '' ? name : `${at}/${name}`;
      if (child.files) {
        visit(child, inside);
        continue;
      }
      const start = base + Number(child.offset ?? 0);
      const unpacked = child.unpacked === true;
      found.push({
        path: inside,
        unpacked,
        hash: child.integrity?.hash ?? null,
        content: unpacked
          ? readFileSync(path.join(`${archive}.unpacked`, inside))
          : bytes.subarray(start, start + (child.size ?? 0)),
      });
    }
  };
  visit(header, '');
  return found;
}

export const sha256 = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

/** Writes an archive's whole tree, as a program without Electron's eyes can read it. */
export function extractAsar(archive: string, to: string): void {
  for (const file of readAsar(archive)) {
    const target = path.join(to, file.path);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, file.content);
  }
}
