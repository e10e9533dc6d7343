import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright/test';

/** What decides how a page is drawn, beside the page. Kept next to the pictures. */
export interface TakenWith {
  /** Major version. */
  chromium: string;
  /** Of a line of text drawn in the faces of the UI: which fonts there are, and how they are smoothed. */
  text: string;
}

const FILE = path.resolve(import.meta.dirname, '..', 'snapshots', 'taken-with.json');

/** What this browser on this machine draws with. The page must be one of the UI. */
export async function drawsWith(page: Page): Promise<TakenWith> {
  const drawn = await page.evaluate(() => {
    const style = getComputedStyle(document.documentElement);
    const canvas = document.createElement('canvas');
    canvas.width = 600;
    canvas.height = 60;
    const pen = canvas.getContext('2d')!;
    for (const [line, face] of ['--font-sans', '--font-mono'].entries()) {
      pen.font = `13px ${style.getPropertyValue(face) || 'monospace'}`;
      pen.fillText('Patchbay 0123456789 → p99 {"jsonrpc": "2.0"} Änderung ⌘K', 4, 20 + 24 * line);
    }
    return canvas.toDataURL();
  });
  return {
    chromium: page.context().browser()!.version().split('.')[0]!,
    text: createHash('sha256').update(drawn).digest('hex').slice(0, 16),
  };
}

/** What the kept pictures were taken with; null where there are none. */
export function keptTakenWith(): TakenWith | null {
  try {
    return JSON.parse(readFileSync(FILE, 'utf8')) as TakenWith;
  } catch {
    return null;
  }
}

/** Remembers it for the pictures taken now. */
export function keepTakenWith(what: TakenWith): void {
  writeFileSync(FILE, `${JSON.stringify(what, null, 2)}\n`);
}
