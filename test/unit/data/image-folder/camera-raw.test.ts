import sharp from "sharp";
import { expect, it } from "vitest";
import { isCameraRaw } from "../../../../src/data/image-folder/camera-raw.ts";

/** A little-endian TIFF of one directory with these tags, one long each. */
function tiff(tags: readonly (readonly [tag: number, value: number])[], head = "II*\0"): Buffer {
  const bytes = Buffer.alloc(16 + 2 + 12 * tags.length + 4);
  bytes.write(head, 0, "latin1");
  bytes.writeUInt32LE(16, 4);
  bytes.writeUInt16LE(tags.length, 16);
  tags.forEach(([tag, value], i) => {
    bytes.writeUInt16LE(tag, 18 + 12 * i);
    bytes.writeUInt16LE(4, 20 + 12 * i);
    bytes.writeUInt32LE(1, 22 + 12 * i);
    bytes.writeUInt32LE(value, 26 + 12 * i);
  });
  return bytes;
}

it("knows a raw file by its preview, by DNG's version and by Canon's mark", () => {
  expect(isCameraRaw(tiff([[254, 1]]))).toBe(true);
  expect(
    isCameraRaw(
      tiff([
        [256, 160],
        [50706, 0x0401],
      ]),
    ),
  ).toBe(true);
  const cr2 = tiff([[256, 160]]);
  cr2.write("CR", 8, "latin1");
  expect(isCameraRaw(cr2)).toBe(true);
});

it("takes every other TIFF, damaged ones too, for an image", async () => {
  const image = sharp({ create: { width: 3, height: 2, channels: 3, background: "red" } });
  for (const bigtiff of [false, true]) expect(isCameraRaw(await image.tiff({ bigtiff }).toBuffer())).toBe(false);
  expect(
    isCameraRaw(
      tiff([
        [254, 0],
        [256, 3],
      ]),
    ),
  ).toBe(false);
  expect(isCameraRaw(tiff([[254, 1]]).subarray(0, 20))).toBe(false);
  expect(isCameraRaw(Buffer.from("II*\0"))).toBe(false);
});
