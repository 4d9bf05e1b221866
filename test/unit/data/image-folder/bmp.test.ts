import fc from "fast-check";
import { expect, it } from "vitest";
import { readBmp } from "../../../../src/data/image-folder/bmp.ts";

interface Bmp {
  readonly width: number;
  readonly height: number;
  readonly bits: number;
  /** Rows as they stand in the file, without padding. */
  readonly rows: readonly (readonly number[])[];
  readonly header?: number;
  readonly compression?: number;
  /** Blue, green, red, 0; of a header of 12 bytes without the 0. */
  readonly palette?: readonly number[];
  readonly masks?: readonly number[];
  readonly pad?: boolean;
}

function bmp({
  width,
  height,
  bits,
  rows,
  header = 40,
  compression = 0,
  palette = [],
  masks = [],
  pad = true,
}: Bmp): Buffer {
  const head = Buffer.alloc(14 + header);
  head.write("BM");
  head.writeUInt32LE(header, 14);
  if (header === 12) [width, height, 1, bits].forEach((value, i) => head.writeUInt16LE(value, 18 + 2 * i));
  else {
    head.writeInt32LE(width, 18);
    head.writeInt32LE(height, 22);
    head.writeUInt16LE(1, 26);
    head.writeUInt16LE(bits, 28);
    head.writeUInt32LE(compression, 30);
    head.writeUInt32LE(palette.length / 4, 46);
  }
  const maskBytes = Buffer.alloc(4 * masks.length);
  masks.forEach((mask, i) => maskBytes.writeUInt32LE(mask >>> 0, 4 * i));
  if (header > 40) maskBytes.copy(head, 54);
  const padded = rows.map((row) => [
    ...row,
    ...(pad ? Array.from({ length: (4 - (row.length % 4)) % 4 }, () => 0) : []),
  ]);
  const before = Buffer.concat([head, header === 40 ? maskBytes : Buffer.alloc(0), Buffer.from(palette)]);
  before.writeUInt32LE(before.length, 10);
  return Buffer.concat([before, Buffer.from(padded.flat())]);
}

const [red, green, blue, white] = [
  [255, 0, 0],
  [0, 255, 0],
  [0, 0, 255],
  [255, 255, 255],
] as const;
/** red green / blue white, the last row first. */
const expected = [...red, ...green, ...blue, ...white];
const colours = [0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0, 0, 255, 255, 255, 0]; // red, green, blue, white as BGR0
const size = { width: 2, height: 2 };
const low = (...values: number[]): number[] => values.flatMap((value) => [value & 255, value >> 8]);

it.each<[string, Bmp, string[]]>([
  [
    "24 bits",
    {
      ...size,
      bits: 24,
      rows: [
        [255, 0, 0, 255, 255, 255],
        [0, 0, 255, 0, 255, 0],
      ],
    },
    [],
  ],
  [
    "24 bits from the top",
    {
      ...size,
      height: -2,
      bits: 24,
      rows: [
        [0, 0, 255, 0, 255, 0],
        [255, 0, 0, 255, 255, 255],
      ],
    },
    [],
  ],
  [
    "24 bits of the oldest header",
    {
      ...size,
      header: 12,
      bits: 24,
      rows: [
        [255, 0, 0, 255, 255, 255],
        [0, 0, 255, 0, 255, 0],
      ],
    },
    [],
  ],
  [
    "32 bits",
    {
      ...size,
      bits: 32,
      rows: [
        [255, 0, 0, 9, 255, 255, 255, 9],
        [0, 0, 255, 9, 0, 255, 0, 9],
      ],
    },
    [],
  ],
  ["16 bits, five a channel", { ...size, bits: 16, rows: [low(0x1f, 0x7fff), low(0x7c00, 0x3e0)] }, []],
  [
    "16 bits by masks, six of green",
    { ...size, bits: 16, compression: 3, masks: [0xf800, 0x7e0, 0x1f], rows: [low(0x1f, 0xffff), low(0xf800, 0x7e0)] },
    [],
  ],
  [
    "32 bits by masks in another order, with alpha",
    {
      ...size,
      header: 124,
      bits: 32,
      compression: 3,
      masks: [0xff, 0xff00, 0xff0000, 0xff000000],
      rows: [
        [0, 0, 255, 9, 255, 255, 255, 9],
        [255, 0, 0, 9, 0, 255, 0, 9],
      ],
    },
    ["alpha"],
  ],
  [
    "8 bits",
    {
      ...size,
      bits: 8,
      palette: colours,
      rows: [
        [2, 3],
        [0, 1],
      ],
    },
    ["palette"],
  ],
  ["4 bits", { ...size, bits: 4, palette: colours, rows: [[0x23], [0x01]] }, ["palette"]],
  ["2 bits", { ...size, bits: 2, palette: colours, rows: [[0b1011_0000], [0b0001_0000]] }, ["palette"]],
  [
    "8 bits in runs, the end not marked",
    {
      ...size,
      bits: 8,
      compression: 1,
      palette: colours,
      pad: false,
      rows: [
        [1, 2, 1, 3, 0, 0],
        [1, 0, 1, 1],
      ],
    },
    ["palette"],
  ],
  [
    "8 bits in single pixels and steps",
    { ...size, bits: 8, compression: 1, palette: colours, pad: false, rows: [[0, 2, 0, 1, 1, 0, 1, 1, 0, 1]] },
    ["palette"],
  ],
])("reads %s", (name, given, traits) => {
  const image = readBmp(bmp(given));
  const stepped = [...red, ...green, ...red, ...red]; // what is passed over has the first colour
  expect([image.width, image.height]).toEqual([2, 2]);
  expect([...image.rgb]).toEqual(name.includes("steps") ? stepped : expected);
  expect(image.traits).toEqual(traits);
});

it("reads 1 bit, and runs of two colours that alternate", () => {
  const palette = colours.slice(0, 8);
  const bits = readBmp(bmp({ width: 10, height: 1, bits: 1, palette, rows: [[0b01010101, 0b01000000]] }));
  const four = readBmp(
    bmp({
      width: 10,
      height: 1,
      bits: 4,
      compression: 2,
      palette,
      pad: false,
      rows: [[5, 0x01, 0, 5, 0x10, 0x10, 0x10, 0, 0, 1]],
    }),
  );
  const alternating = Array.from({ length: 10 }, (_, i) => (i % 2 === 0 ? red : green)).flat();
  expect([...bits.rgb]).toEqual(alternating);
  expect([...four.rgb]).toEqual(alternating);
});

it("scales channels of five bits as Pillow does", () => {
  const values = Array.from({ length: 32 }, (_, value) => value);
  const image = readBmp(bmp({ width: 32, height: 1, bits: 16, rows: [low(...values)] }));
  expect(values.map((value) => image.rgb[3 * value + 2])).toEqual(
    values.map((value) => Math.floor((value * 255) / 31)),
  );
});

it("reads any 24-bit image back", () => {
  const sizes = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }));
  const images = sizes.chain(([width, height]) =>
    fc.record({
      width: fc.constant(width),
      height: fc.constant(height),
      rgb: fc.uint8Array({ minLength: 3 * width * height, maxLength: 3 * width * height }),
    }),
  );
  fc.assert(
    fc.property(images, fc.boolean(), ({ width, height, rgb }, fromTop) => {
      const rows = Array.from({ length: height }, (_, y) =>
        Array.from({ length: 3 * width }, (__, i) => rgb[3 * width * y + 3 * Math.floor(i / 3) + 2 - (i % 3)] ?? 0),
      );
      const bytes = bmp({
        width,
        height: fromTop ? -height : height,
        bits: 24,
        rows: fromTop ? rows : rows.toReversed(),
      });
      expect(readBmp(bytes)).toMatchObject({ width, height, rgb });
    }),
  );
});

it.each<[string, Buffer]>([
  [
    "cut short",
    bmp({
      ...size,
      bits: 24,
      rows: [
        [1, 2, 3, 4, 5, 6],
        [1, 2],
      ],
    }).subarray(0, 60),
  ],
  [
    "of a colour that is not in its palette",
    bmp({
      ...size,
      bits: 8,
      palette: colours,
      rows: [
        [2, 3],
        [0, 9],
      ],
    }),
  ],
  ["of runs cut short", bmp({ ...size, bits: 8, compression: 1, palette: colours, pad: false, rows: [[1, 2]] })],
  ["of another compression", bmp({ ...size, bits: 24, compression: 5, rows: [] })],
  ["of runs with 24 bits", bmp({ ...size, bits: 24, compression: 1, rows: [] })],
  ["of 7 bits", bmp({ ...size, bits: 7, rows: [] })],
  ["without a pixel", bmp({ width: 0, height: 2, bits: 24, rows: [] })],
  ["of negative width", bmp({ width: -2, height: 2, bits: 24, rows: [] })],
  ["of a header alone", Buffer.from("BM")],
])("refuses a file %s", (_, bytes) => {
  expect(() => readBmp(bytes)).toThrow();
});
