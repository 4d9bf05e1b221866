/** A decoded image. */
export interface RawImage {
  readonly width: number;
  readonly height: number;
  /** uint8 [height, width, 3]: red, green and blue, row by row from the top. */
  readonly rgb: Uint8Array;
}

/** What had to be changed to make an image 8-bit RGB, or was passed over. */
export type Trait = "alpha" | "16-bit" | "CMYK" | "grey" | "palette" | "orientation" | "frames";

export interface Decoded extends RawImage {
  readonly traits: readonly Trait[];
}

/** What is wrong with the bytes of an image. Users hear that it is damaged, and where it lies. */
export class DamagedImage extends Error {
  override readonly name = "DamagedImage";
}

/** As sharp's `limitInputPixels`: more would be an attempt to fill the memory. */
export const MOST_PIXELS = 0x3fff ** 2;

/** Room for an image. @throws DamagedImage for a size that no image has */
export function blankImage(width: number, height: number): RawImage {
  if (width < 1 || height < 1) throw new DamagedImage(`a size of ${width}x${height}`);
  if (width * height > MOST_PIXELS)
    throw new DamagedImage(`a size of ${width}x${height}, more than ${MOST_PIXELS} pixels`);
  return { width, height, rgb: new Uint8Array(width * height * 3) };
}
