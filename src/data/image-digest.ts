/** A fingerprint of an image's pixels: equal for exact copies, whatever file format they were in. */
import { createHash } from "node:crypto";
import type { ImageShape } from "./batches.ts";

/** Bytes of a digest: the first of a SHA-256, enough that no two different images of any data set meet by chance. */
export const DIGEST_BYTES = 16;

/** The digest of one image. @param pixels uint8 [C, H, W], row-major */
export function imageDigest({ channels, height, width }: ImageShape, pixels: Uint8Array): Uint8Array {
  return createHash("sha256")
    .update(`${channels}x${height}x${width}\n`)
    .update(pixels)
    .digest()
    .subarray(0, DIGEST_BYTES);
}

/** uint8 [N, DIGEST_BYTES]: the digest of each image. @param images uint8 [N, C, H, W], row-major */
export function imageDigests(shape: ImageShape, images: Uint8Array): Uint8Array {
  const bytes = shape.channels * shape.height * shape.width;
  const count = images.length / bytes;
  const digests = new Uint8Array(count * DIGEST_BYTES);
  for (let index = 0; index < count; index++) {
    digests.set(imageDigest(shape, images.subarray(index * bytes, (index + 1) * bytes)), index * DIGEST_BYTES);
  }
  return digests;
}
