import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { deriveSeed, randomStateFor } from "../../../src/util/seed.ts";
import { RandomState } from "../../../src/util/random-state.ts";

it("is the first 63 bits of the hash of seed and purpose", () => {
  const bits = BigInt(`0x${createHash("sha256").update("1:init").digest("hex")}`)
    .toString(2)
    .padStart(256, "0");
  expect(deriveSeed(1, "init")).toBe(BigInt(`0b${bits.slice(0, 63)}`));
});

it("never changes", () => {
  // printf 0:order | sha256sum begins 23eaf8bfb83fde6d
  expect(deriveSeed(0, "order")).toBe(0x23eaf8bfb83fde6dn >> 1n);
});

it("gives every seed and purpose another value", () => {
  const seeds = [0, 1, 2, 11].flatMap((seed) =>
    ["init", "order", "1:init"].map((purpose) => deriveSeed(seed, purpose)),
  );
  expect(new Set(seeds).size).toBe(seeds.length);
  expect(seeds.every((seed) => seed >= 0n && seed < 2n ** 63n)).toBe(true);
});

it("refuses what is no seed", () => {
  expect(() => deriveSeed(-1, "init")).toThrow(/seed: expected an integer >= 0, got -1/);
  expect(() => deriveSeed(0.5, "init")).toThrow(/seed: expected an integer/);
});

it("seeds a generator with the low 32 bits", () => {
  const expected = new RandomState(Number(deriveSeed(3, "split") % 2n ** 32n));
  expect(randomStateFor(3, "split").uint32()).toBe(expected.uint32());
});
