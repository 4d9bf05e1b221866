import { expect, it } from "vitest";
import { type FileCheck, verify } from "../../../src/data/checksum.ts";
import { thrownBy } from "../../support/thrown-by.ts";

const good: FileCheck = { path: "data/a.bin", expectedMd5: "aa", foundMd5: "aa" };
const bad: FileCheck = { path: "data/b.bin", expectedMd5: "bb", foundMd5: "b0" };
const worse: FileCheck = { path: "data/c.bin", expectedMd5: "cc", foundMd5: "c0" };

it("verifies files that are the published ones", () => {
  expect(verify("Set", [good, good])).toEqual({ verified: true, provenance: null });
  expect(verify("Set", [good], true)).toEqual({ verified: true, provenance: null });
});

it("refuses others, naming the first", () => {
  expect(thrownBy(() => verify("Set", [good, bad]))).toMatchObject({
    code: "E_DATA",
    message: "data/b.bin: expected the published MD5 bb, got b0",
  });
  expect(thrownBy(() => verify("Set", [bad, good, worse], false)).message).toBe(
    "data/b.bin: expected the published MD5 bb, got b0 (and so for 1 more)",
  );
});

it("lets them pass on request and names each", () => {
  expect(verify("Set", [good, bad, worse], true)).toEqual({
    verified: false,
    provenance: "Set: not verified: b.bin has MD5 b0, published bb; c.bin has MD5 c0, published cc",
  });
});
