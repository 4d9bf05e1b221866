/** IDX files of unsigned bytes, as MNIST's. */

/** An IDX file with the given sizes and data; `magic` and sizes may lie. */
export function idxBytes(sizes: readonly number[], data: Uint8Array, magic = 0x0800 + sizes.length): Buffer {
  const header = Buffer.alloc(4 + 4 * sizes.length);
  header.writeUInt32BE(magic);
  for (const [i, size] of sizes.entries()) header.writeUInt32BE(size, 4 + 4 * i);
  return Buffer.concat([header, data]);
}
