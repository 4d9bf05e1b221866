/** Poisoned images beside what they were, as a picture: above clean, in the middle poisoned, below where they differ. */
import sharp from "sharp";
import type { ImageDataset } from "../data/dataset.ts";

const wanted = 10;
/** Every pixel becomes a square of so many. */
const scale = 4;
/** Between images, in pixels of the picture. */
const gap = 4;
/** How much stronger differences are shown: a blend or a warp changes a pixel by a few values only. */
const gain = 4;

/** A PNG of up to ten images, spread evenly over `indices` (into the training part; at least one). Differences from mid-grey are four times as strong. */
export async function poisonPreview(
  clean: ImageDataset,
  poisoned: ImageDataset,
  indices: readonly number[],
): Promise<Uint8Array> {
  const count = Math.min(wanted, indices.length);
  const chosen = Array.from({ length: count }, (_, i) => indices[Math.floor((i * indices.length) / count)] ?? 0);
  const { channels, height, width } = clean;
  const size = channels * height * width;
  const rows = chosen.map((index) => {
    const [before, after] = [clean, poisoned].map(({ train }) =>
      train.images.subarray(index * size, (index + 1) * size),
    ) as [Uint8Array, Uint8Array];
    const difference = after.map((value, i) => Math.min(255, Math.max(0, 128 + gain * (value - (before[i] ?? 0)))));
    return [before, after, Uint8Array.from(difference)];
  });
  const [tileWidth, tileHeight] = [width * scale + gap, height * scale + gap];
  const tiles = rows.flatMap((row, column) =>
    row.map(async (planes, line) => ({
      input: await tile(planes, clean),
      left: gap + column * tileWidth,
      top: gap + line * tileHeight,
    })),
  );
  const canvas = {
    width: gap + count * tileWidth,
    height: gap + 3 * tileHeight,
    channels: 3,
    background: "#9fb4c7",
  } as const;
  return sharp({ create: canvas })
    .composite(await Promise.all(tiles))
    .png()
    .toBuffer();
}

/** Planes [C, H, W] as an enlarged PNG. */
async function tile(
  planes: Uint8Array,
  { channels, height, width }: Pick<ImageDataset, "channels" | "height" | "width">,
): Promise<Buffer> {
  const area = height * width;
  const pixels = Uint8Array.from(planes, (_, i) => planes[(i % channels) * area + Math.floor(i / channels)] ?? 0);
  const raw = { width, height, channels: channels === 1 ? 1 : 3 } as const;
  return sharp(pixels, { raw })
    .resize(width * scale, height * scale, { kernel: "nearest" })
    .png()
    .toBuffer();
}
