/** From the bytes of a file to the pixels that a model sees, and the digest of those that it had before. */
import type { Metadata, Sharp, SharpOptions } from "sharp";
import { imageDigest } from "../image-digest.ts";
import { readBmp } from "./bmp.ts";
import { isCameraRaw } from "./camera-raw.ts";
import type { ImageKind } from "./image-kind.ts";
import { PixelBudget } from "./pixel-budget.ts";
import { readPnm } from "./pnm.ts";
import type { RawImage, Trait } from "./raw-image.ts";

export const CHANNELS = 3;
/** Decoded at the same time, at their own size: 12 bytes each at most, of rows and planes. */
const MOST_PIXELS_AT_ONCE = 64e6;
/** Where a JPEG is at least so many times larger than needed, the decoder may halve it, which a decoded image cannot repeat. (It does so from four times.) */
const SAFE_SHRINK = 3;

const budget = new PixelBudget(MOST_PIXELS_AT_ONCE);

export interface Decoding {
  /** Height and width in pixels. */
  readonly resolution: number;
  /** Turn images as their EXIF orientation says. */
  readonly applyOrientation: boolean;
}

export interface DecodedFile {
  /** uint8 [3, resolution, resolution]. */
  readonly planes: Uint8Array;
  /** Of the decoded image at its own size, 8-bit RGB, as it lies in the file: see `imageDigest`. */
  readonly digest: Uint8Array;
  readonly traits: readonly Trait[];
}

/** A file that looks like an image and cannot be decoded. */
export class Undecodable extends Error {
  override readonly name = "Undecodable";
  /** What it is, in the plural. */
  readonly kind: string;

  constructor(kind: string, cause?: unknown) {
    super(kind, { cause });
    this.kind = kind;
  }
}

/**
 * Scaled so that the shorter side has the resolution, the middle of the longer kept, 8-bit RGB.
 * @throws Undecodable
 */
export async function decode(bytes: Buffer, kind: ImageKind, options: Decoding): Promise<DecodedFile> {
  if (kind === "BMP" || kind === "PNM") return await decodeOwn(bytes, kind, options);
  if (kind === "TIFF" && isCameraRaw(bytes)) throw new Undecodable("raw files of cameras");
  const { default: sharp } = await import("sharp");
  const open = (from: Buffer, more: SharpOptions = {}): Sharp => sharp(from, { failOn: "error", ...more });
  const undecodable = (error: unknown): never => {
    const tooLarge = error instanceof Error && error.message.includes("pixel limit");
    throw new Undecodable(tooLarge ? "images of more than 268 million pixels" : `damaged ${kind} images`, error);
  };
  const about = await open(bytes).metadata().catch(undecodable);
  if (!["uchar", "ushort"].includes(about.depth)) throw new Undecodable(`${kind} images of ${about.depth} samples`);
  return await budget.with(about.width * about.height, async () => {
    try {
      const { data, info } = await toRgb(open(bytes)).toBuffer({ resolveWithObject: true });
      const image = { width: info.width, height: info.height, rgb: data };
      const resized = isSharable(about, options)
        ? resize(image, options)
        : toRgb(fit(turned(open(bytes), options), options)).toBuffer();
      return { planes: toPlanes(await resized), digest: digestOf(image), traits: traitsOf(about) };
    } catch (error) {
      return undecodable(error);
    }
  });
}

async function decodeOwn(bytes: Buffer, kind: "BMP" | "PNM", options: Decoding): Promise<DecodedFile> {
  try {
    const { traits, ...image } = kind === "BMP" ? readBmp(bytes) : readPnm(bytes);
    return { planes: toPlanes(await resize(image, options)), digest: digestOf(image), traits };
  } catch (error) {
    throw new Undecodable(`damaged ${kind} images`, error);
  }
}

/** RGB, pixel by pixel, from a decoded image. */
async function resize({ width, height, rgb }: RawImage, options: Decoding): Promise<Uint8Array> {
  const { default: sharp } = await import("sharp");
  return await toRgb(fit(sharp(rgb, { raw: { width, height, channels: CHANNELS } }), options)).toBuffer();
}

const fit = (image: Sharp, { resolution }: Decoding): Sharp =>
  image.resize(resolution, resolution, { fit: "cover", kernel: "linear", fastShrinkOnLoad: false });

const toRgb = (image: Sharp): Sharp => image.removeAlpha().toColourspace("srgb").raw({ depth: "uchar" });

const turned = (image: Sharp, { applyOrientation }: Decoding): Sharp => (applyOrientation ? image.autoOrient() : image);

/** Whether scaling what was decoded for the digest gives the same bytes as scaling the file. (Alpha weighs pixels, and 16 bits are scaled as 16.) */
function isSharable({ width, height, format, depth, hasAlpha, orientation = 1 }: Metadata, options: Decoding): boolean {
  const shrinks = format === "jpeg" && Math.min(width, height) >= SAFE_SHRINK * options.resolution;
  const turns = options.applyOrientation && orientation > 1;
  return depth === "uchar" && !hasAlpha && !shrinks && !turns;
}

function traitsOf({
  space,
  channels,
  depth,
  hasAlpha,
  isPalette,
  orientation = 1,
  pages = 1,
  format,
}: Metadata): Trait[] {
  const found: Record<Trait, boolean> = {
    alpha: hasAlpha,
    "16-bit": depth === "ushort",
    CMYK: space === "cmyk",
    grey: channels <= 2,
    palette: isPalette && format !== "gif", // a GIF has nothing else
    orientation: orientation > 1,
    frames: pages > 1,
  };
  return (Object.keys(found) as Trait[]).filter((trait) => found[trait]);
}

function digestOf({ width, height, rgb }: RawImage): Uint8Array {
  return imageDigest({ channels: CHANNELS, height, width }, toPlanes(rgb));
}

/** From [pixels, 3] to [3, pixels]. */
function toPlanes(rgb: Uint8Array): Uint8Array {
  const pixels = rgb.length / CHANNELS;
  const planes = new Uint8Array(rgb.length);
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let channel = 0; channel < CHANNELS; channel++) {
      planes[channel * pixels + pixel] = rgb[pixel * CHANNELS + channel] ?? 0;
    }
  }
  return planes;
}
