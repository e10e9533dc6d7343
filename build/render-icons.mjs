// @ts-check
// Renders the artwork: `node build/render-icons.mjs` after a change of an SVG in assets/. The results are committed,
// so that building needs no browser.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright';
import { root } from './run.mjs';

const INK = { light: '#000000', dark: '#ffffff', plate: '#e8f3f2' };
const source = (/** @type {string} */ name) => readFileSync(path.join(root, 'assets', name), 'utf8');
const target = (/** @type {string} */ name) => path.join(root, name);

const browser = await chromium.launch({
  executablePath: process.env.PATCHBAY_CHROMIUM ?? '/usr/bin/chromium',
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});
const page = await browser.newPage();

/**
 * @param {string} svg
 * @param {number} size
 * @returns {Promise<Buffer>}
 */
async function render(svg, size) {
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(
    `<style>html,body{margin:0;background:transparent}svg{display:block;width:100vw;height:100vh}</style>${svg}`,
  );
  return page.screenshot({ omitBackground: true });
}

/** The app's icon without the margin of Apple's icon grid, which other systems do not have. */
const fullBleed = (/** @type {string} */ svg) =>
  svg.replace('viewBox="0 0 1024 1024"', 'viewBox="92 92 840 840"');

/** The tray's mark on a plate of its own: Linux panels may be dark or light and do not tell. */
const onPlate = (/** @type {string} */ svg) =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><rect width="24" height="24" rx="5" fill="#12302d"/>` +
  svg.replace('<svg ', `<svg x="4" y="4" width="16" height="16" color="${INK.plate}" `) +
  '</svg>';

/**
 * An .ico file of PNG images, which Windows reads since Vista.
 * @param {{size: number, png: Buffer}[]} images
 */
function ico(images) {
  const head = Buffer.alloc(6 + 16 * images.length);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(images.length, 4);
  let offset = head.length;
  images.forEach(({ size, png }, index) => {
    const at = 6 + 16 * index;
    head.writeUInt8(size % 256, at);
    head.writeUInt8(size % 256, at + 1);
    head.writeUInt16LE(1, at + 4);
    head.writeUInt16LE(32, at + 6);
    head.writeUInt32LE(png.length, at + 8);
    head.writeUInt32LE(offset, at + 12);
    offset += png.length;
  });
  return Buffer.concat([head, ...images.map(({ png }) => png)]);
}

/**
 * An .icns file of PNG images; the types are Apple's, some of them for twice the pixels.
 * @param {[type: string, png: Buffer][]} images
 */
function icns(images) {
  const parts = images.map(([type, png]) => {
    const head = Buffer.alloc(8);
    head.write(type, 'latin1');
    head.writeUInt32BE(png.length + 8, 4);
    return Buffer.concat([head, png]);
  });
  const head = Buffer.alloc(8);
  head.write('icns', 'latin1');
  head.writeUInt32BE(8 + parts.reduce((sum, part) => sum + part.length, 0), 4);
  return Buffer.concat([head, ...parts]);
}

const large = source('icon/icon.svg');
const small = source('icon/icon-small.svg');
/** @type {Map<number, Buffer>} */
const sizes = new Map();
for (const size of [16, 24, 32, 48, 64, 128, 256, 512, 1024]) {
  const png = await render(size <= 48 ? small : fullBleed(large), size);
  sizes.set(size, png);
  writeFileSync(target(`assets/icon/${size}x${size}.png`), png);
}
writeFileSync(
  target('build/icons/icon.ico'),
  ico([...sizes].filter(([size]) => size <= 256).map(([size, png]) => ({ size, png }))),
);
/** @type {[string, number][]} */
const macTypes = [
  ['ic11', 32],
  ['ic12', 64],
  ['ic07', 128],
  ['ic13', 256],
  ['ic08', 256],
  ['ic14', 512],
  ['ic09', 512],
  ['ic10', 1024],
];
/** @type {[string, Buffer][]} */
const macImages = [];
for (const [type, size] of macTypes) macImages.push([type, await render(large, size)]);
writeFileSync(target('build/icons/icon.icns'), icns(macImages));

for (const variant of ['tray', 'tray-direct', 'tray-attention', 'tray-off']) {
  const svg = source(`tray/${variant}.svg`);
  const inked = (/** @type {string} */ color) => svg.replace('<svg ', `<svg color="${color}" `);
  const save = async (/** @type {string} */ name, /** @type {string} */ image, /** @type {number} */ size) =>
    writeFileSync(target(`assets/tray/${name}.png`), await render(image, size));
  await save(`${variant}Template`, inked(INK.light), 16);
  await save(`${variant}Template@2x`, inked(INK.light), 32);
  await save(`${variant}-linux`, onPlate(svg), 24);
  await save(`${variant}-linux@2x`, onPlate(svg), 48);
  for (const theme of /** @type {const} */ (['light', 'dark'])) {
    const images = [];
    for (const size of [16, 20, 24, 32, 48])
      images.push({ size, png: await render(inked(INK[theme]), size) });
    writeFileSync(target(`assets/tray/${variant}-${theme}.ico`), ico(images));
  }
}
await browser.close();
