import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { canonicalJson, hashFile, hashFileSync, jsonHash, sha256Hex } from "../../../src/util/hash.ts";

// FIPS 180-2 appendix B.1 and RFC 1321 appendix A.5
const SHA256_ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
const MD5_ABC = "900150983cd24fb0d6963f7d28e17f72";

const folder = mkdtempSync(join(tmpdir(), "coppice-hash-"));
afterAll(() => rmSync(folder, { recursive: true }));

it("hashes text and bytes", () => {
  expect(sha256Hex("abc")).toBe(SHA256_ABC);
  expect(sha256Hex(new Uint8Array([97, 98, 99]))).toBe(SHA256_ABC);
});

describe("files", () => {
  it("are hashed by either algorithm", async () => {
    const path = join(folder, "abc");
    writeFileSync(path, "abc");
    expect(hashFileSync(path)).toBe(SHA256_ABC);
    expect(hashFileSync(path, "md5")).toBe(MD5_ABC);
    expect(await hashFile(path)).toBe(SHA256_ABC);
    expect(await hashFile(path, "md5")).toBe(MD5_ABC);
  });

  it("are hashed over all their pieces", async () => {
    const bytes = new Uint8Array((1 << 21) + 5).map((_, i) => i % 251);
    const path = join(folder, "large");
    writeFileSync(path, bytes);
    expect(hashFileSync(path)).toBe(sha256Hex(bytes));
    expect(await hashFile(path)).toBe(sha256Hex(bytes));
  });
});

describe("canonicalJson", () => {
  it("orders keys at every depth and leaves arrays alone", () => {
    expect(canonicalJson({ b: [3, 1, { d: 1, c: null }], a: "x", u: undefined })).toBe(
      '{"a":"x","b":[3,1,{"c":null,"d":1}]}',
    );
  });

  it("is the same text whatever the order of keys, and means the same value", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).toReversed());
        expect(canonicalJson(reversed)).toBe(canonicalJson(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it("refuses numbers JSON cannot hold", () => {
    expect(() => canonicalJson({ lr: NaN })).toThrow(/finite numbers/);
  });

  it("is what jsonHash hashes", () => {
    expect(jsonHash({ b: 1, a: 2 })).toBe(sha256Hex('{"a":2,"b":1}'));
  });
});
