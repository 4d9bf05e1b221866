import { describe, expect, it } from "vitest";
import type { PruneConfig } from "../../../src/record/index.ts";
import type { Parent } from "../../../src/stages/parent.ts";
import { checkMask } from "../../../src/stages/prune-checks.ts";
import { liveTensors } from "../../../src/torch/index.ts";
import { pruneConfig } from "../../support/configs.ts";
import { thrownBy } from "../../support/thrown-by.ts";

const layers = [
  { name: "conv1.weight", shape: [100, 1, 1, 1], numel: 100, nonzero: 100 },
  { name: "conv2.weight", shape: [900, 1, 1, 1], numel: 900, nonzero: 900 },
  { name: "fc.weight", shape: [10, 900], numel: 9000, nonzero: 9000 },
];
const model = { arch: "resnet20s", numClasses: 4, inChannels: 3, imageSize: 32, stem: "cifar" };
const parent = {
  record: { model, result: { layers } },
  loaded: { dataset: { mean: [0, 0, 0], std: [1, 1, 1] } },
} as unknown as Parent;
const refusal = (changes: Partial<PruneConfig>): string =>
  thrownBy(() => checkMask({ ...pruneConfig, ...changes }, parent)).message;
const taken = (changes: Partial<PruneConfig>): void => checkMask({ ...pruneConfig, ...changes }, parent);

describe("a mask that is asked for", () => {
  it("leaves a weight", () => {
    expect(refusal({ sparsity: 0.9999 })).toBe(
      "sparsity: expected at most 0.999 of 1000 weights to be removed, got 0.9999, which leaves none",
    );
    taken({ sparsity: 0.999 });
    taken({ sparsity: 0.9999, layers: "conv+linear" });
  });

  it("is not refused where rounding in steps may leave one", () => {
    expect(() => taken({ sparsity: 0.9999, pruner: "synflow" })).not.toThrow();
  });

  it("leaves every layer a weight where that is asked for", () => {
    expect(refusal({ sparsity: 0.999, keepConnected: true })).toBe(
      "sparsity: expected at least one weight left for each of 2 layers, got 1 in all",
    );
    taken({ sparsity: 0.998, keepConnected: true });
  });

  it("is made in a bounded number of rounds", () => {
    expect(refusal({ pruner: "imp", rate: 1e-9 })).toMatch(
      /^rate: expected one that reaches sparsity 0.9 within 1000 rounds/,
    );
    taken({ pruner: "imp" });
  });

  it("can meet its budget of multiplications", () => {
    const live = liveTensors();
    expect(refusal({ allocation: "flops", flops: 1e-6 })).toMatch(/^flops: expected at least 0\.\d+ at sparsity 0.9/);
    taken({ allocation: "flops", flops: 0.5 });
    expect(liveTensors()).toBe(live);
  });
});
