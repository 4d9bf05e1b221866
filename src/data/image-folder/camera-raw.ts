/**
 * Tells a camera's raw file from a TIFF image: both begin alike, and the first picture in a raw file is only a preview.
 *
 * Source  Adobe, "TIFF 6.0", section 2 and tag NewSubfileType (bit 0: a reduced image); "Digital Negative Specification", tag DNGVersion
 */
const NEW_SUBFILE_TYPE = 254;
const DNG_VERSION = 50706;
const MOST_TAGS = 4096;

/** @param bytes a whole file that begins as a TIFF; a damaged one is no raw file */
export function isCameraRaw(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = bytes[0] === 0x49;
  if (bytes.length < 16 || view.getUint16(2, little) !== 42) return false; // BigTIFF is no camera's
  if (bytes[8] === 0x43 && bytes[9] === 0x52) return true; // "CR": Canon's CR2
  const directory = view.getUint32(4, little);
  if (directory + 2 > bytes.length) return false;
  const count = Math.min(view.getUint16(directory, little), MOST_TAGS);
  for (let at = directory + 2; at < directory + 2 + 12 * count && at + 12 <= bytes.length; at += 12) {
    const tag = view.getUint16(at, little);
    if (tag === DNG_VERSION) return true;
    if (tag === NEW_SUBFILE_TYPE && (view.getUint32(at + 8, little) & 1) === 1) return true;
  }
  return false;
}
