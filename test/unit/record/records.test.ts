import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { type Listing, readRecords, recordsText } from "../../../src/record/records.ts";
import { sha256Hex } from "../../../src/util/hash.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { thrownBy } from "../../support/thrown-by.ts";

const bytes = (count: number, from: number): Uint8Array => Uint8Array.from({ length: 16 * count }, (_, i) => i + from);
const listing: Listing = {
  dataset: { name: "mine", digest: "a".repeat(64) },
  salt: "b".repeat(64),
  mean: [0.1],
  std: [0.2],
  train: {
    count: 3,
    keys: bytes(3, 0),
    digests: bytes(3, 50),
    labels: [0, 300, 65535],
    positions: [0, 70_000, 4_000_000_000],
  },
  test: { count: 1, keys: bytes(1, 7), digests: bytes(1, 9), labels: [2] },
};

function written(text = recordsText(listing)): { readonly path: string; readonly sha256: string } {
  const path = join(temporaryFolder(), "records.json");
  writeFileSync(path, text);
  return { path, sha256: sha256Hex(text) };
}

it("reads what it wrote, to the same text", () => {
  const { path, sha256 } = written();
  const { text, listing: read } = readRecords(path, sha256);
  const plain = (part: Listing["train"]): object => ({ ...part, keys: [...part.keys], digests: [...part.digests] });
  expect({ ...read, train: plain(read.train), test: plain(read.test) }).toEqual({
    ...listing,
    train: plain(listing.train),
    test: plain(listing.test),
  });
  expect([text, recordsText(read)]).toEqual([readFileSync(path, "utf8"), text]);
});

it("refuses a file that was changed, by a byte", () => {
  const { path, sha256 } = written();
  appendFileSync(path, " ");
  expect(thrownBy(() => readRecords(path, sha256))).toMatchObject({
    code: "E_CHECKPOINT",
    message: expect.stringMatching(`^${path}: expected SHA-256 ${sha256}, got [0-9a-f]{64}$`),
  });
});

it("refuses a file that is gone", () => {
  expect(thrownBy(() => readRecords(join(temporaryFolder(), "records.json"), "")).code).toBe("E_CHECKPOINT");
});

it("refuses parts that do not fit their count", () => {
  const { path, sha256 } = written(recordsText({ ...listing, test: { ...listing.test, count: 2 } }));
  expect(thrownBy(() => readRecords(path, sha256)).message).toBe(
    `${path}: test.keys: expected 32 bytes, 16 for each of 2 images, got 16`,
  );
});
