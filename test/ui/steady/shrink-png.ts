import { crc32, deflateSync, inflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
const PALETTE_SIZE = 256;

/**
 * The same picture with at most 256 colours and packed as tightly as zlib can: less than half the size. Colours that
 * are left out are near to one that is kept. Takes what Chromium writes: eight bits per channel, without interlacing.
 */
export function shrinkPng(png: Buffer): Buffer {
  const { width, height, channels, data } = open(png);
  const pixels = unfilter(data, { width, height, channels });
  const counts = new Map<number, number>();
  for (let at = 0; at < pixels.length; at += channels) {
    const colour = pixels.readUIntBE(at, 3);
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const palette = paletteOf(counts);
  const places = new Map([...counts.keys()].map((colour) => [colour, nearest(palette, colour)]));
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1)
      rows[y * (width + 1) + 1 + x] = places.get(pixels.readUIntBE((y * width + x) * channels, 3))!;
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  // Eight bits per pixel, each the number of a colour in the palette.
  head.set([8, 3], 8);
  const colours = Buffer.alloc(palette.length * 3);
  for (const [place, colour] of palette.entries()) colours.writeUIntBE(colour, place * 3, 3);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', head),
    chunk('PLTE', colours),
    chunk('IDAT', deflateSync(rows, { level: 9, memLevel: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Whether a picture has been through `shrinkPng`. */
export const isShrunk = (png: Buffer): boolean => png[25] === 3;

function open(png: Buffer): { width: number; height: number; channels: 3 | 4; data: Buffer } {
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const kind = png.subarray(24, 29).join(' ');
  if (!png.subarray(0, 8).equals(SIGNATURE) || (kind !== '8 2 0 0 0' && kind !== '8 6 0 0 0'))
    throw new Error('This is no picture as Chromium writes them.');
  const parts: Buffer[] = [];
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at);
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') parts.push(png.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  return { width, height, channels: png[25] === 2 ? 3 : 4, data: inflateSync(Buffer.concat(parts)) };
}

function unfilter(
  data: Buffer,
  { width, height, channels }: { width: number; height: number; channels: number },
): Buffer {
  const stride = width * channels;
  const pixels = Buffer.alloc(stride * height);
  for (let y = 0; y < height; y += 1) {
    const filter = data[y * (stride + 1)]!;
    for (let x = 0; x < stride; x += 1) {
      const at = y * stride + x;
      const left = x < channels ? 0 : pixels[at - channels]!;
      const up = y === 0 ? 0 : pixels[at - stride]!;
      const corner = x < channels || y === 0 ? 0 : pixels[at - stride - channels]!;
      pixels[at] = data[y * (stride + 1) + 1 + x]! + predicted(filter, { left, up, corner });
    }
  }
  return pixels;
}

/** PNG specification, 9.2. */
function predicted(
  filter: number,
  { left, up, corner }: { left: number; up: number; corner: number },
): number {
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  if (filter !== 4) return 0;
  const estimate = left + up - corner;
  const [toLeft, toUp, toCorner] = [left, up, corner].map((value) => Math.abs(estimate - value)) as [
    number,
    number,
    number,
  ];
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}

function nearest(palette: readonly number[], colour: number): number {
  let best = 0;
  let least = Infinity;
  for (const [place, candidate] of palette.entries()) {
    const distance = distanceOf(candidate, colour);
    if (distance < least) [best, least] = [place, distance];
  }
  return best;
}

/** Asked millions of times: without a loop. */
function distanceOf(a: number, b: number): number {
  const red = (a >> 16) - (b >> 16);
  const green = ((a >> 8) & 255) - ((b >> 8) & 255);
  const blue = (a & 255) - (b & 255);
  return red * red + green * green + blue * blue;
}

/** The commonest colours, each at a distance from the others that just leaves room for the rarest too. */
function paletteOf(counts: ReadonlyMap<number, number>): number[] {
  const colours = [...counts.entries()].toSorted(([, a], [, b]) => b - a).map(([colour]) => colour);
  for (let apart = 0; ; apart += 2) {
    const palette: number[] = [];
    for (const colour of colours) {
      if (palette.every((chosen) => distanceOf(chosen, colour) > apart * apart)) palette.push(colour);
      if (palette.length > PALETTE_SIZE) break;
    }
    if (palette.length <= PALETTE_SIZE) return palette;
  }
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(body.length + 8);
  frame.writeUInt32BE(data.length, 0);
  body.copy(frame, 4);
  frame.writeUInt32BE(crc32(body), body.length + 4);
  return frame;
}
