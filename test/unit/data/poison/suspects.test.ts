import { describe, expect, it } from "vitest";
import { poisonTruth } from "../../../../src/data/poison/index.ts";
import { suspectsOf } from "../../../../src/data/poison/suspects.ts";
import type { PoisonSettings } from "../../../../src/record/index.ts";

const settings: PoisonSettings = {
  attack: "badnets",
  options: {},
  target: 0,
  ratio: 0.1,
  seed: 3,
  split: { mode: "standard", validationFraction: 0.1, seed: 3 },
  cleanDigest: "0".repeat(64),
};
const train = Array.from({ length: 200 }, (_, i) => 2 * i);
const { poisoned } = poisonTruth(train, settings);
const of = (known: number, mixed: number, seed = 1): number[] => suspectsOf(train, settings, { known, mixed, seed });

describe("lists of suspects", () => {
  it("are the truth where all is known and nothing mixed in", () => {
    expect(of(1, 0)).toEqual(poisoned);
    expect(poisoned).toHaveLength(20);
  });

  it("hold the share that is known, more of the same the larger it is", () => {
    expect(of(0.25, 0)).toHaveLength(5);
    for (const index of of(0.25, 0)) expect(of(0.5, 0)).toContain(index);
    for (const index of of(0.5, 0)) expect(poisoned).toContain(index);
    expect(of(0.01, 0)).toHaveLength(1);
  });

  it("hold as many clean images as are mixed in, of those trained on", () => {
    const wrong = of(1, 2).filter((index) => !poisoned.includes(index));
    expect(wrong).toHaveLength(40);
    for (const index of wrong) expect(train).toContain(index);
    expect(of(1, 2, 2)).not.toEqual(of(1, 2));
    expect(of(1, 2)).toEqual(of(1, 2).toSorted((a, b) => a - b));
  });

  it("are refused with a share out of range", () => {
    expect(() => of(1.5, 0)).toThrow(/known: expected/);
    expect(() => of(1, -1)).toThrow(/mixed: expected/);
  });
});
