/** Training labels of real data sets, read without the library's own readers. */
import { createReadStream, existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { createGunzip, gunzipSync } from "node:zlib";
import tar from "tar-stream";

export type RealDataset = "fashion-mnist" | "cifar-10";

const shared = fileURLToPath(new URL("../../../shared/data", import.meta.url));
const files: Record<RealDataset, string> = {
  "fashion-mnist": "train-labels-idx1-ubyte.gz",
  "cifar-10": "cifar-10-binary.tar.gz",
};
const CIFAR_RECORD_BYTES = 1 + 3 * 32 * 32;
const IDX_HEADER_BYTES = 8;

/** The file that holds the labels, in `COPPICE_DATA`, beside the repository or where the distribution puts it; else undefined. */
export function realLabelsFile(name: RealDataset): string | undefined {
  const parents = [process.env["COPPICE_DATA"] ?? shared, shared, "/usr/share/datasets"];
  const paths = parents.flatMap((parent) => [join(parent, files[name]), join(parent, name, files[name])]);
  return paths.map((path) => resolve(path)).find((path) => existsSync(path));
}

/** The training labels in file order. */
export async function readRealLabels(name: RealDataset, path: string): Promise<number[]> {
  if (name === "fashion-mnist") return [...gunzipSync(readFileSync(path)).subarray(IDX_HEADER_BYTES)];
  const batches = new Map<string, number[]>();
  const archive = tar.extract();
  const unpacked = pipeline(createReadStream(path), createGunzip(), archive);
  for await (const entry of archive) {
    const labels: number[] = [];
    let offset = 0;
    for await (const chunk of entry as AsyncIterable<Buffer>) {
      const first = (CIFAR_RECORD_BYTES - (offset % CIFAR_RECORD_BYTES)) % CIFAR_RECORD_BYTES;
      for (let at = first; at < chunk.length; at += CIFAR_RECORD_BYTES) labels.push(chunk[at] ?? -1);
      offset += chunk.length;
    }
    const batch = /data_batch_\d\.bin$/.exec(entry.header.name)?.[0];
    if (batch !== undefined) batches.set(batch, labels);
  }
  await unpacked;
  return [...batches.keys()].toSorted().flatMap((batch) => batches.get(batch) ?? []);
}
