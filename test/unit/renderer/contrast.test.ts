import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const css = readFileSync(path.resolve(import.meta.dirname, '../../../renderer/styles/tokens.css'), 'utf8');

/** Value of a token per theme, read from its `light-dark(light, dark)`. */
function tokens(theme: 'light' | 'dark'): Map<string, string> {
  const found = new Map<string, string>();
  for (const [, name, light, dark] of css.matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g)) {
    found.set(name!, theme === 'light' ? light! : dark!);
  }
  return found;
}

function luminance(hex: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.03928 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light! + 0.05) / (dark! + 0.05);
}

const BACKGROUNDS = ['canvas', 'surface', 'raised', 'sunken', 'hover', 'active'];
const ON_EVERY_BACKGROUND = ['ink', 'ink-muted', 'accent', 'danger'];
const PAIRS: [string, string][] = [
  ...ON_EVERY_BACKGROUND.flatMap((ink) => BACKGROUNDS.map((ground): [string, string] => [ink, ground])),
  ...['canvas', 'surface', 'raised', 'sunken'].map((ground): [string, string] => ['ink-faint', ground]),
  ...['warn', 'good', 'info', 'accent', 'danger'].map((tone): [string, string] => [tone, `${tone}-soft`]),
  ...['warn', 'good', 'info', 'accent', 'danger'].map((tone): [string, string] => ['ink', `${tone}-soft`]),
  ...['warn', 'good', 'danger'].map((tone): [string, string] => ['ink-muted', `${tone}-soft`]),
  ...['good-soft', 'danger-soft'].map((ground): [string, string] => ['ink-faint', ground]),
  ...['key', 'string', 'number'].map((name): [string, string] => [`syntax-${name}`, 'surface']),
  ['ink', 'good-mark'],
  ['ink', 'danger-mark'],
  ['accent-ink', 'accent'],
  ['accent-ink', 'accent-strong'],
  ['danger-ink', 'danger-fill'],
  ['warn', 'canvas'],
  ['warn', 'surface'],
];

describe.each(['light', 'dark'] as const)('%s theme', (theme) => {
  const value = tokens(theme);
  it.each(PAIRS)('%s on %s can be read (AA, 4.5:1)', (ink, ground) => {
    expect(contrast(value.get(ink)!, value.get(ground)!)).toBeGreaterThanOrEqual(4.5);
  });

  it.each(['surface', 'raised', 'canvas'])('input borders stand out from %s (3:1)', (ground) => {
    expect(contrast(value.get('line-strong')!, value.get(ground)!)).toBeGreaterThanOrEqual(3);
  });
});
