/** The files of CIFAR-10's binary version, from the archive as it comes or from the folder it unpacks to. */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { CoppiceError } from "../util/errors.ts";
import { regularFileSize, streamRegularFile } from "../util/regular-file.ts";
import { shown } from "../util/shown.ts";
import type { FileCheck } from "./checksum.ts";
import { readRecords, type RecordTarget } from "./cifar10-records.ts";
import { namesIn } from "./locations.ts";
import { readTarGz } from "./tar-archive.ts";

export const ARCHIVE_NAME = "cifar-10-binary.tar.gz";
export const FOLDER_NAME = "cifar-10-batches-bin";
const NAMES_FILE = "batches.meta.txt";
/** In label order, as `batches.meta.txt` must list them. */
export const cifar10Classes: readonly string[] = "airplane automobile bird cat deer dog frog horse ship truck".split(
  " ",
);

/** What the files must be: the published ones, or small ones in tests. */
export interface Cifar10Layout {
  readonly recordsPerFile: number;
  readonly archiveMd5: string;
  /** In order: the training files, then the test file. */
  readonly files: readonly { readonly name: string; readonly md5: string }[];
}

export const cifar10Layout: Cifar10Layout = {
  recordsPerFile: 10_000,
  archiveMd5: "c32a1d4ab5d03f1284b67883e8d87530",
  files: [
    { name: "data_batch_1.bin", md5: "5dd7e06a14cb22eb9f671a540d1b7c25" },
    { name: "data_batch_2.bin", md5: "5ea93a67294ea407fff1d09f752e9692" },
    { name: "data_batch_3.bin", md5: "942cd6a4bcdd0dd3c604fbe906cb4421" },
    { name: "data_batch_4.bin", md5: "ae636b3ba5c66a11e91e8cb52e771fcb" },
    { name: "data_batch_5.bin", md5: "53f37980c15c3d472c316c40844f3f0d" },
    { name: "test_batch.bin", md5: "803d5f7f4d78ea53de84dbe85f74fb6d" },
  ],
};

/** The place in memory of each file's records, by file name. */
export type RecordTargets = ReadonlyMap<string, RecordTarget>;

/** Fills `targets` from the archive at `path`; other entries are passed over. The one checksum is the archive's own. */
export async function readArchive(path: string, layout: Cifar10Layout, targets: RecordTargets): Promise<FileCheck[]> {
  const missing = new Set([NAMES_FILE, ...targets.keys()]);
  const foundMd5 = await readTarGz(path, async ({ name, size, chunks }) => {
    const file = name.startsWith(`${FOLDER_NAME}/`) ? name.slice(FOLDER_NAME.length + 1) : "";
    if (!missing.delete(file)) return;
    const where = `${path}: ${file}`;
    const target = targets.get(file);
    if (target === undefined) await checkNames(where, chunks);
    else await readRecords({ name: where, size, chunks }, target);
  });
  refuseMissing(path, missing);
  return [{ path, expectedMd5: layout.archiveMd5, foundMd5 }];
}

/** Fills `targets` from the files in `folder`, and returns the checksum of each. */
export async function readFolder(folder: string, layout: Cifar10Layout, targets: RecordTargets): Promise<FileCheck[]> {
  const present = new Set(namesIn(folder));
  refuseMissing(folder, new Set([NAMES_FILE, ...targets.keys()].filter((name) => !present.has(name))));
  await checkNames(join(folder, NAMES_FILE), streamRegularFile(join(folder, NAMES_FILE), "E_DATA"));
  const checks: FileCheck[] = [];
  for (const { name, md5 } of layout.files) {
    const path = join(folder, name);
    const target = targets.get(name);
    if (target === undefined) continue;
    const hash = createHash("md5");
    const chunks = seen(streamRegularFile(path, "E_DATA"), (chunk) => hash.update(chunk));
    await readRecords({ name: path, size: regularFileSize(path, "E_DATA"), chunks }, target);
    checks.push({ path, expectedMd5: md5, foundMd5: hash.digest("hex") });
  }
  return checks;
}

/** Seen by `see` piece by piece before they are passed on. */
async function* seen(chunks: AsyncIterable<Uint8Array>, see: (chunk: Uint8Array) => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    see(chunk);
    yield chunk;
  }
}

async function checkNames(where: string, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  let text = "";
  for await (const chunk of chunks) if (text.length < 1000) text += Buffer.from(chunk).toString("latin1");
  const names = text.split("\n").map((line) => line.trim());
  const found = names.filter((name) => name !== "").join(" ");
  if (found !== cifar10Classes.join(" ")) {
    const got = shown(found);
    throw new CoppiceError("E_DATA", `${where}: expected the class names ${cifar10Classes.join(" ")}, got ${got}`, {
      hint,
    });
  }
}

function refuseMissing(where: string, missing: ReadonlySet<string>): void {
  if (missing.size === 0) return;
  throw new CoppiceError("E_DATA", `${where}: expected it to hold ${[...missing].join(", ")}, got none of that name`, {
    hint,
  });
}

const hint =
  "the files are incomplete or not CIFAR-10's binary version: get them again with `coppice data get cifar10`";
