/**
 * Reads BMP files: 1, 2, 4, 8, 16, 24 and 32 bits a pixel, from the bottom or from the top, RLE8 and RLE4, channels by masks.
 *
 * Source     Microsoft, "Bitmap Storage", BITMAPFILEHEADER, BITMAPCOREHEADER, BITMAPINFOHEADER and BITMAPV4HEADER
 * Reference  Pillow, BmpImagePlugin.py and Unpack.c: channels of 5 and 6 bits are scaled by value * 255 / max, rounded down; the fourth byte of a
 *            pixel is no alpha channel unless a mask says so
 */
import { blankImage, DamagedImage, type Decoded, type RawImage, type Trait } from "./raw-image.ts";

const compressions = { none: 0, rle8: 1, rle4: 2, masks: 3, masksWithAlpha: 6 } as const;
const masks16 = [0x7c00, 0x03e0, 0x001f];
const masks32 = [0xff0000, 0x00ff00, 0x0000ff];

interface Header {
  readonly width: number;
  readonly height: number;
  readonly fromTop: boolean;
  readonly bits: number;
  readonly compression: number;
  /** Where the pixels begin. */
  readonly start: number;
  /** Red, green, blue, and alpha where there is one. */
  readonly masks: readonly number[];
  /** Red, green and blue of each index. */
  readonly palette: readonly (readonly [number, number, number])[];
}

/** @throws DamagedImage for a file that is damaged or of a kind that nobody writes; RangeError from a read past its end */
export function readBmp(bytes: Uint8Array): Decoded {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header = readHeader(view);
  const image = blankImage(header.width, header.height);
  const { bits, compression } = header;
  if (compression === compressions.rle8 || compression === compressions.rle4) readRuns(view, header, image);
  else if (bits <= 8) readIndices(view, header, image);
  else readChannels(view, header, image);
  const traits: Trait[] = [];
  if (bits <= 8) traits.push("palette");
  if ((header.masks[3] ?? 0) !== 0) traits.push("alpha");
  return { ...image, traits };
}

function readHeader(view: DataView): Header {
  const size = view.getUint32(14, true);
  const isCore = size === 12;
  const height = isCore ? view.getUint16(20, true) : view.getInt32(22, true);
  const bits = view.getUint16(isCore ? 24 : 28, true);
  const compression = isCore ? compressions.none : view.getUint32(30, true);
  if (![1, 2, 4, 8, 16, 24, 32].includes(bits)) throw new DamagedImage(`${bits} bits a pixel`);
  const rleBits = { [compressions.rle8]: 8, [compressions.rle4]: 4 }[compression];
  if (rleBits !== undefined && rleBits !== bits) throw new DamagedImage(`compression ${compression} of ${bits} bits`);
  if (!(Object.values(compressions) as number[]).includes(compression))
    throw new DamagedImage(`compression ${compression}`);
  const hasMasks = compression === compressions.masks || compression === compressions.masksWithAlpha;
  const withAlpha = compression === compressions.masksWithAlpha || size >= 56;
  // With the oldest header masks follow it, else they are part of it, at the same place.
  const masksAfter = hasMasks && size === 40 ? (withAlpha ? 16 : 12) : 0;
  const numColours = bits > 8 ? 0 : (isCore ? 0 : view.getUint32(46, true)) || 2 ** bits;
  return {
    width: isCore ? view.getUint16(18, true) : view.getInt32(18, true),
    height: Math.abs(height),
    fromTop: height < 0,
    bits,
    compression,
    start: view.getUint32(10, true),
    masks: hasMasks
      ? Array.from({ length: withAlpha ? 4 : 3 }, (_, i) => view.getUint32(54 + 4 * i, true))
      : bits === 16
        ? masks16
        : masks32,
    palette: readPalette(view, 14 + size + masksAfter, Math.min(numColours, 256), isCore ? 3 : 4),
  };
}

function readPalette(view: DataView, start: number, count: number, stride: number): [number, number, number][] {
  return Array.from({ length: count }, (_, i) => {
    const at = start + i * stride;
    return [view.getUint8(at + 2), view.getUint8(at + 1), view.getUint8(at)];
  });
}

const rowOf = ({ height, fromTop }: Header, line: number): number => (fromTop ? line : height - 1 - line);

/** Bytes of a row: whole groups of four. */
const strideOf = ({ width, bits }: Header): number => Math.ceil((width * bits) / 32) * 4;

function readIndices(view: DataView, header: Header, image: RawImage): void {
  const { width, height, bits, start } = header;
  const perByte = 8 / bits;
  for (let line = 0; line < height; line++) {
    const at = start + line * strideOf(header);
    for (let x = 0; x < width; x++) {
      const byte = view.getUint8(at + Math.floor(x / perByte));
      const index = (byte >> (8 - bits * ((x % perByte) + 1))) & (2 ** bits - 1);
      paint(image, header, rowOf(header, line) * width + x, index);
    }
  }
}

function paint({ rgb }: RawImage, { palette }: Header, pixel: number, index: number): void {
  const colour = palette[index];
  if (colour === undefined) throw new DamagedImage(`colour ${index} of ${palette.length}`);
  rgb.set(colour, 3 * pixel);
}

function readChannels(view: DataView, header: Header, { rgb }: RawImage): void {
  const { width, height, bits, start, masks } = header;
  const channels = masks.slice(0, 3).map((mask) => {
    const shift = mask === 0 ? 0 : 31 - Math.clz32(mask & -mask);
    return { mask, shift, most: mask >>> shift };
  });
  for (let line = 0; line < height; line++) {
    for (let x = 0; x < width; x++) {
      const at = start + line * strideOf(header) + (x * bits) / 8;
      const low = view.getUint16(at, true);
      const value =
        bits === 16 ? low : low + 65536 * (bits === 24 ? view.getUint8(at + 2) : view.getUint16(at + 2, true));
      const pixel = 3 * (rowOf(header, line) * width + x);
      channels.forEach(({ mask, shift, most }, channel) => {
        rgb[pixel + channel] = most === 0 ? 0 : Math.floor((((value & mask) >>> shift) * 255) / most);
      });
    }
  }
}

/**
 * Runs of one colour (RLE8), or of two that alternate (RLE4): a count and a byte. After a count of 0 the byte is 0 for the end of a row, 1 for that of the image, 2
 * for a step to the right and on, or the number of single pixels that follow, padded to whole words. What is not painted has the first colour.
 */
function readRuns(view: DataView, header: Header, image: RawImage): void {
  const { width, height, bits, start } = header;
  for (let pixel = 0; pixel < width * height; pixel++) paint(image, header, pixel, 0);
  let [at, x, line] = [start, 0, 0];
  const put = (index: number): void => {
    if (x < width && line < height) paint(image, header, rowOf(header, line) * width + x, index);
    x++;
  };
  const half = (byte: number, i: number): number => (bits === 8 ? byte : i % 2 === 0 ? byte >> 4 : byte & 15);
  // Some writers leave the mark of the end out.
  while (line < height - 1 || (line === height - 1 && x < width)) {
    const [count, byte] = [view.getUint8(at), view.getUint8(at + 1)];
    at += 2;
    if (count > 0) for (let i = 0; i < count; i++) put(half(byte, i));
    else if (byte === 0) [x, line] = [0, line + 1];
    else if (byte === 1) return;
    else if (byte === 2) {
      [x, line] = [x + view.getUint8(at), line + view.getUint8(at + 1)];
      at += 2;
    } else {
      for (let i = 0; i < byte; i++) put(half(view.getUint8(at + Math.floor((i * bits) / 8)), i));
      at += Math.ceil((byte * bits) / 16) * 2;
    }
  }
}
