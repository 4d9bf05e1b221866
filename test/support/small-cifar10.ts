/** CIFAR-10 files of a few records each, as a folder or an archive, with the layout they have. */
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";
import { type Cifar10Layout, cifar10Classes } from "../../src/data/cifar10-files.ts";

export const RECORDS = 4;
export const RECORD = 3073;
export const namesText = `${cifar10Classes.join("\n")}\n\n`;
const files = ["data_batch_1.bin", "data_batch_2.bin", "test_batch.bin"];

/** Record r of file f: label (3 f + r) mod 10, every pixel of plane p equal to 40 f + 10 r + p. */
export function batchBytes(fileIndex: number): Buffer {
  const records = Array.from({ length: RECORDS }, (_, record) => {
    const planes = [0, 1, 2].map((plane) => Buffer.alloc(1024, 40 * fileIndex + 10 * record + plane));
    return Buffer.concat([Buffer.from([(3 * fileIndex + record) % 10]), ...planes]);
  });
  return Buffer.concat(records);
}

/** The files by name, as they should be. */
export function goodFiles(): Map<string, Buffer> {
  const batches = files.map((name, index) => [name, batchBytes(index)] as const);
  return new Map([["batches.meta.txt", Buffer.from(namesText)], ...batches]);
}

/** A layout whose published checksums are those of {@link goodFiles} and of `archive`. */
export function layoutOf(archive?: Uint8Array): Cifar10Layout {
  const good = goodFiles();
  return {
    recordsPerFile: RECORDS,
    archiveMd5: archive === undefined ? "none" : md5(archive),
    files: files.map((name) => ({ name, md5: md5(good.get(name) ?? Buffer.alloc(0)) })),
  };
}

export function md5(bytes: Uint8Array): string {
  return createHash("md5").update(bytes).digest("hex");
}

/** Writes the files to `folder`/cifar-10-batches-bin. */
export function writeBatches(folder: string, contents: ReadonlyMap<string, Buffer>): void {
  const batches = join(folder, "cifar-10-batches-bin");
  mkdirSync(batches);
  for (const [name, bytes] of contents) writeFileSync(join(batches, name), bytes);
}

export type ArchiveEntry = readonly [
  header: Parameters<ReturnType<typeof pack>["entry"]>[0],
  content?: Buffer | undefined,
];

/** Entries of a good archive, in its folder. */
export function goodEntries(): ArchiveEntry[] {
  return [...goodFiles()].map(([name, bytes]) => [{ name: `cifar-10-batches-bin/${name}` }, bytes]);
}

/** A gzipped tar of the entries, in order. */
export async function archiveOf(entries: readonly ArchiveEntry[]): Promise<Buffer> {
  const archive = pack();
  for (const [header, content] of entries) archive.entry(header, content ?? Buffer.alloc(0));
  archive.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of archive as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return gzipSync(Buffer.concat(chunks));
}
