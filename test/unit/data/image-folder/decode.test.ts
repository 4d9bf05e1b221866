import sharp, { type Sharp } from "sharp";
import { describe, expect, it } from "vitest";
import { decode, Undecodable } from "../../../../src/data/image-folder/decode.ts";
import { type ImageKind, imageKind } from "../../../../src/data/image-folder/image-kind.ts";
import { imageDigest } from "../../../../src/data/image-digest.ts";

const plain = { resolution: 32, applyOrientation: false };

/** uint8 [height, width, channels]: smooth, with edges. */
function pixels(width: number, height: number, channels: 1 | 2 | 3 | 4): Sharp {
  const bytes = Buffer.alloc(width * height * channels);
  for (let i = 0; i < bytes.length; i++) {
    const [x, y] = [Math.floor(i / channels) % width, Math.floor(i / channels / width)];
    bytes[i] = (x * 3 + y * 5 * ((i % channels) + 1) + ((x * y) % 7) * 9) & 255;
  }
  return sharp(bytes, { raw: { width, height, channels } });
}

/** The pipeline of sharp alone that trained models have seen. */
async function asBefore(bytes: Buffer, resolution: number, turned = false): Promise<number[][]> {
  const file = sharp(bytes, { failOn: "error" });
  const rgb = await (turned ? file.autoOrient() : file)
    .resize(resolution, resolution, { fit: "cover", kernel: "linear", fastShrinkOnLoad: false })
    .removeAlpha()
    .toColourspace("srgb")
    .raw({ depth: "uchar" })
    .toBuffer();
  return [0, 1, 2].map((channel) => Array.from({ length: rgb.length / 3 }, (_, i) => rgb[3 * i + channel] ?? 0));
}

const kindOf = (bytes: Buffer): ImageKind => imageKind(bytes.subarray(0, 64)) ?? "PNG";

type Encoding = (width: number, height: number) => Sharp;
const encodings: Record<string, Encoding> = {
  PNG: (w, h) => pixels(w, h, 3).png(),
  JPEG: (w, h) => pixels(w, h, 3).jpeg({ quality: 90 }),
  "progressive JPEG": (w, h) => pixels(w, h, 3).jpeg({ chromaSubsampling: "4:4:4", progressive: true }),
  "CMYK JPEG": (w, h) => pixels(w, h, 3).toColourspace("cmyk").jpeg(),
  "JPEG with a profile": (w, h) => pixels(w, h, 3).withIccProfile("p3").jpeg(),
  "turned JPEG": (w, h) => pixels(w, h, 3).withMetadata({ orientation: 6 }).jpeg(),
  WebP: (w, h) => pixels(w, h, 3).webp(),
  "WebP with alpha": (w, h) => pixels(w, h, 4).webp({ lossless: true }),
  GIF: (w, h) => pixels(w, h, 3).gif(),
  TIFF: (w, h) => pixels(w, h, 3).tiff(),
  AVIF: (w, h) => pixels(w, h, 3).avif({ effort: 0 }),
  "palette PNG": (w, h) => pixels(w, h, 3).png({ palette: true }),
  "grey PNG": (w, h) => pixels(w, h, 1).toColourspace("b-w").png(),
  "grey PNG with alpha": (w, h) => pixels(w, h, 2).toColourspace("b-w").png(),
  "PNG with alpha": (w, h) => pixels(w, h, 4).png(),
  "PNG of 16 bits": (w, h) => pixels(w, h, 3).toColourspace("rgb16").png(),
};

describe.each(Object.keys(encodings))("%s", (name) => {
  it.each([
    [40, 20],
    [200, 300],
    [33, 400],
  ])("of %ix%i has the pixels it had before, at any resolution", async (width, height) => {
    const bytes = await (encodings[name] ?? (encodings["PNG"] as Encoding))(width, height).toBuffer();
    for (const resolution of [8, 32, 60]) {
      const { planes } = await decode(bytes, kindOf(bytes), { ...plain, resolution });
      expect([...planes], `at ${resolution}`).toEqual((await asBefore(bytes, resolution)).flat());
    }
  });
});

it("gives the digest of the decoded pixels at their own size", async () => {
  const raw = await pixels(40, 20, 3).raw().toBuffer();
  const planes = Uint8Array.from(raw, (_, i) => raw[3 * (i % 800) + Math.floor(i / 800)] ?? 0);
  const expected = imageDigest({ channels: 3, height: 20, width: 40 }, planes);
  const header = Buffer.from("P6\n40 20\n255\n");
  const same = [
    await pixels(40, 20, 3).png().toBuffer(),
    await pixels(40, 20, 3).webp({ lossless: true }).toBuffer(),
    await pixels(40, 20, 3).tiff({ compression: "lzw" }).toBuffer(),
    await pixels(40, 20, 3).withMetadata({ orientation: 6 }).png().toBuffer(),
    await pixels(40, 20, 3).ensureAlpha(0.5).png().toBuffer(),
    Buffer.concat([header, raw]),
  ];
  for (const bytes of same) {
    for (const options of [plain, { resolution: 8, applyOrientation: true }]) {
      expect((await decode(bytes, kindOf(bytes), options)).digest).toEqual(expected);
    }
  }
  const changed = Buffer.from(raw);
  changed[7] = (changed[7] ?? 0) ^ 1;
  expect((await decode(Buffer.concat([header, changed]), "PNM", plain)).digest).not.toEqual(expected);
  const turned = Buffer.concat([Buffer.from("P6\n20 40\n255\n"), raw]);
  expect((await decode(turned, "PNM", plain)).digest).not.toEqual(expected);
});

it("gives grey images the digest that they have as RGB", async () => {
  const grey = await pixels(9, 7, 1).toColourspace("b-w").raw().toBuffer();
  const rgb = Buffer.from([...grey].flatMap((value) => [value, value, value]));
  const png = await sharp(rgb, { raw: { width: 9, height: 7, channels: 3 } })
    .png()
    .toBuffer();
  const pgm = Buffer.concat([Buffer.from("P5 9 7 255\n"), grey]);
  const greyPng = await pixels(9, 7, 1).toColourspace("b-w").png().toBuffer();
  const digests = await Promise.all(
    [png, pgm, greyPng].map(async (bytes) => (await decode(bytes, kindOf(bytes), plain)).digest),
  );
  expect(new Set(digests.map((digest) => Buffer.from(digest).toString("hex"))).size).toBe(1);
});

it("turns images by their orientation when asked, not else", async () => {
  for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8]) {
    const bytes = await pixels(50, 20, 3).withMetadata({ orientation }).png().toBuffer();
    const [lying, turned] = await Promise.all(
      [false, true].map((applyOrientation) => decode(bytes, "PNG", { resolution: 16, applyOrientation })),
    );
    expect([...(lying?.planes ?? [])]).toEqual((await asBefore(bytes, 16)).flat());
    expect([...(turned?.planes ?? [])]).toEqual((await asBefore(bytes, 16, true)).flat());
    expect(lying?.traits).toEqual(orientation === 1 ? [] : ["orientation"]);
    if (orientation > 1) expect(turned?.planes).not.toEqual(lying?.planes);
  }
});

it.each([
  ["PNG with alpha", ["alpha"]],
  ["grey PNG", ["grey"]],
  ["grey PNG with alpha", ["alpha", "grey"]],
  ["palette PNG", ["palette"]],
  ["PNG of 16 bits", ["16-bit"]],
  ["CMYK JPEG", ["CMYK"]],
  ["turned JPEG", ["orientation"]],
  ["JPEG", []],
])("says of a %s what it is", async (name, traits) => {
  const bytes = await (encodings[name] ?? (encodings["PNG"] as Encoding))(12, 10).toBuffer();
  expect((await decode(bytes, kindOf(bytes), plain)).traits).toEqual(traits);
});

it("reads the first of several frames, and says so", async () => {
  const frames = await Promise.all([pixels(6, 5, 3).png().toBuffer(), pixels(6, 5, 3).negate().png().toBuffer()]);
  const bytes = await sharp(frames, { join: { animated: true } })
    .webp({ lossless: true })
    .toBuffer();
  const { digest, traits } = await decode(bytes, "WebP", plain);
  expect(traits).toEqual(["frames"]);
  expect(digest).toEqual((await decode(frames[0] ?? bytes, "PNG", plain)).digest);
});

it.each(["PNG", "JPEG", "progressive JPEG", "WebP", "TIFF", "AVIF"])("tells a %s cut short anywhere", async (name) => {
  const bytes = await (encodings[name] ?? (encodings["PNG"] as Encoding))(60, 50).toBuffer();
  for (const share of [0.3, 0.6, 0.9]) {
    const failure = decode(bytes.subarray(0, Math.floor(share * bytes.length)), kindOf(bytes), plain);
    await expect(failure).rejects.toMatchObject({ name: "Undecodable", kind: `damaged ${kindOf(bytes)} images` });
  }
});

it("tells damaged BMP and PNM files, raw files of cameras and samples of other sizes", async () => {
  const kindFor = async (bytes: Buffer, kind: ImageKind): Promise<string> =>
    await decode(bytes, kind, plain).then(
      () => "decoded",
      (error: unknown) => (error instanceof Undecodable ? error.kind : "other"),
    );
  expect(await kindFor(Buffer.from("P6 9 9 255\n12"), "PNM")).toBe("damaged PNM images");
  expect(await kindFor(Buffer.from("BM"), "BMP")).toBe("damaged BMP images");
  const cr2 = Buffer.alloc(32);
  cr2.write("II*\0\x10\0\0\0CR", "latin1");
  expect(await kindFor(cr2, "TIFF")).toBe("raw files of cameras");
  expect(await kindFor(floatTiff(), "TIFF")).toBe("TIFF images of float samples");
});

/** A grey TIFF of 1x1, its sample a float of 32 bits. */
function floatTiff(): Buffer {
  const tags = [
    [256, 1],
    [257, 1],
    [258, 32],
    [259, 1],
    [262, 1],
    [273, 8],
    [277, 1],
    [278, 1],
    [279, 4],
    [339, 3],
  ] as const;
  const bytes = Buffer.alloc(12 + 2 + 12 * tags.length + 4);
  bytes.write("II*\0", 0, "latin1");
  bytes.writeUInt32LE(12, 4);
  bytes.writeFloatLE(0.5, 8);
  bytes.writeUInt16LE(tags.length, 12);
  tags.forEach(([tag, value], i) => {
    bytes.writeUInt16LE(tag, 14 + 12 * i);
    bytes.writeUInt16LE(4, 16 + 12 * i);
    bytes.writeUInt32LE(1, 18 + 12 * i);
    bytes.writeUInt32LE(value, 22 + 12 * i);
  });
  return bytes;
}
