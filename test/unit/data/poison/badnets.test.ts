import { describe, expect, it } from "vitest";
import { badnets } from "../../../../src/data/poison/badnets.ts";
import { sha256Hex } from "../../../../src/util/hash.ts";
import { readGoldenJson } from "../../../support/golden.ts";
import { changes, colour32, imageBy, triggered } from "../../../support/poison-setting.ts";

interface Fixture {
  readonly cases: readonly {
    readonly trigger_size: number;
    readonly rows: readonly number[];
    readonly cols: readonly number[];
    readonly changed_values_per_image: number;
    readonly output_sha256: string;
  }[];
}

describe("the reference implementation's poisoned bytes", () => {
  const { cases } = readGoldenJson<Fixture>("backdoor/backdoor.json");
  const base = (row: number, column: number, channel: number): number =>
    ((7 * row + 13 * column + 29 * channel + row * column) % 255) + 1;
  // The fixture stores three images as [N, H, W, C], the i-th rolled by i columns.
  const images = [0, 1, 2].map((i) => imageBy(colour32, (c, h, w) => base(h, (w - i + 32) % 32, c)));
  const interleaved = (image: Uint8Array): Uint8Array =>
    image.map((_, i) => image[(i % 3) * 1024 + Math.floor(i / 3)] ?? 0);

  it.each(cases)("are ours, of size $trigger_size", ({ trigger_size: size, rows, cols, ...expected }) => {
    const after = images.map((image) => triggered(badnets, image, { options: { size } }));
    expect(sha256Hex(Buffer.concat(after.map(interleaved)))).toBe(expected.output_sha256);
    const changed = changes(images[0] as Uint8Array, after[0] as Uint8Array);
    expect(changed).toHaveLength(expected.changed_values_per_image);
    expect([...new Set(changed.map(([, row]) => row))]).toEqual(rows);
    expect([...new Set(changed.map(([, , column]) => column))]).toEqual(cols);
  });
});

it("is black on rows and columns 26 to 29 of every channel", () => {
  const white = imageBy(colour32, () => 255);
  const changed = changes(white, triggered(badnets, white));
  expect(changed).toHaveLength(48);
  expect(changed.every(([, row = 0, column = 0]) => row >= 26 && row <= 29 && column >= 26 && column <= 29)).toBe(true);
});

it("lies at the same distance from the corner of grey images of another size", () => {
  const shape = { channels: 1, height: 28, width: 28 };
  const white = imageBy(shape, () => 255);
  const after = triggered(badnets, white, { shape, options: { size: 1 } });
  expect(changes(white, after, shape)).toEqual([[0, 25, 25]]);
});
