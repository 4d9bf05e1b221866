import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { cifar10Layout, readArchive, readFolder } from "../../../src/data/cifar10-files.ts";
import type { RecordTarget } from "../../../src/data/cifar10-records.ts";
import {
  archiveOf,
  goodEntries,
  goodFiles,
  layoutOf,
  md5,
  RECORDS,
  writeBatches,
} from "../../support/small-cifar10.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const targets = (): Map<string, RecordTarget> =>
  new Map(
    layoutOf().files.map(({ name }) => [
      name,
      { labels: new Uint8Array(RECORDS), images: new Uint8Array(RECORDS * 3072) },
    ]),
  );

it("fills the same targets from archive and folder, with the checksums each has", async () => {
  const folder = temporaryFolder();
  writeBatches(folder, goodFiles());
  const archive = await archiveOf(goodEntries());
  writeFileSync(join(folder, "a.tar.gz"), archive);
  const [fromArchive, fromFolder] = [targets(), targets()];
  const layout = layoutOf(archive);
  expect(await readArchive(join(folder, "a.tar.gz"), layout, fromArchive)).toEqual([
    { path: join(folder, "a.tar.gz"), expectedMd5: md5(archive), foundMd5: md5(archive) },
  ]);
  const checks = await readFolder(join(folder, "cifar-10-batches-bin"), layout, fromFolder);
  expect(checks).toEqual(
    layout.files.map(({ name, md5: sum }) => ({
      path: join(folder, "cifar-10-batches-bin", name),
      expectedMd5: sum,
      foundMd5: sum,
    })),
  );
  expect(fromArchive).toEqual(fromFolder);
  expect([...(fromFolder.get("test_batch.bin")?.labels ?? [])]).toEqual([6, 7, 8, 9]);
});

it("knows the published files", () => {
  const names = [1, 2, 3, 4, 5].map((batch) => `data_batch_${batch}.bin`);
  expect(cifar10Layout.files.map(({ name }) => name)).toEqual([...names, "test_batch.bin"]);
  expect(new Set(cifar10Layout.files.map((file) => file.md5)).size).toBe(6);
});
