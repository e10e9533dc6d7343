import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';

vi.mock('electron', () => ({}));
const { trayImageFile } = await import('../../../electron/main/tray.ts');

const images = path.resolve(import.meta.dirname, '..', '..', '..', 'assets', 'tray');
const read = (name: string): Buffer => readFileSync(path.join(images, name));
const pngSize = (png: Buffer): [number, number] => [png.readUInt32BE(16), png.readUInt32BE(20)];
/** Sizes of the images in an .ico file; 0 stands for 256. */
const icoSizes = (ico: Buffer): number[] =>
  Array.from({ length: ico.readUInt16LE(4) }, (_, index) => ico.readUInt8(6 + 16 * index));

describe.each(['routed', 'direct', 'attention', 'off'] as const)('the tray image for %s', (icon) => {
  test('macOS: 16 and 32 px templates, whose name ends in Template', () => {
    const name = trayImageFile('darwin', icon, false);
    expect(name).toMatch(/Template\.png$/);
    expect(pngSize(read(name))).toEqual([16, 16]);
    expect(pngSize(read(name.replace('.png', '@2x.png')))).toEqual([32, 32]);
  });

  test('Windows: an icon of several sizes for either taskbar', () => {
    const [light, dark] = [trayImageFile('win32', icon, false), trayImageFile('win32', icon, true)];
    expect(light).not.toBe(dark);
    for (const name of [light, dark]) expect(icoSizes(read(name))).toEqual([16, 20, 24, 32, 48]);
  });

  test('Linux: 24 px', () => {
    expect(pngSize(read(trayImageFile('linux', icon, true)))).toEqual([24, 24]);
  });
});

test('the states differ in shape: their templates, which have no colour, are all different', () => {
  const icons = ['routed', 'direct', 'attention', 'off'] as const;
  for (const suffix of ['.png', '@2x.png']) {
    const images = icons.map((icon) =>
      read(trayImageFile('darwin', icon, false).replace('.png', suffix)).toString('base64'),
    );
    expect(new Set(images).size).toBe(icons.length);
  }
});
