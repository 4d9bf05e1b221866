import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { DIGEST_BYTES, imageDigest, imageDigests } from "../../../src/data/image-digest.ts";

const shape = { channels: 1, height: 1, width: 2 };

it("is the beginning of a SHA-256 of size and pixels", () => {
  const whole = createHash("sha256").update("1x1x2\n").update(Uint8Array.of(7, 8)).digest();
  expect([...imageDigest(shape, Uint8Array.of(7, 8))]).toEqual([...whole.subarray(0, DIGEST_BYTES)]);
});

it("tells images of the same pixels in another shape apart", () => {
  const turned = { channels: 1, height: 2, width: 1 };
  expect(imageDigest(turned, Uint8Array.of(7, 8))).not.toEqual(imageDigest(shape, Uint8Array.of(7, 8)));
});

it("gives the digest of each image, equal for copies", () => {
  const digests = imageDigests(shape, Uint8Array.of(1, 2, 3, 4, 1, 2));
  const at = (index: number): number[] => [...digests.subarray(index * DIGEST_BYTES, (index + 1) * DIGEST_BYTES)];
  expect(at(0)).toEqual([...imageDigest(shape, Uint8Array.of(1, 2))]);
  expect(at(2)).toEqual(at(0));
  expect(at(1)).not.toEqual(at(0));
});
