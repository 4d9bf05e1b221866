/** Pruners against the reference implementation's masks, entry by entry. */
import { describe, expect, it } from "vitest";
import {
  allocationNamed,
  globalMask,
  type Mask,
  maskBy,
  prunerNamed,
  roundSparsities,
} from "../../../src/prune/index.ts";
import { cat, Generator, tensor } from "../../../src/torch/index.ts";
import { readGoldenJson } from "../../support/golden.ts";
import { loadTinyNet, readGoldenState, tinyData, type TinyWeights } from "../../support/tiny-net.ts";

interface Masks {
  readonly fetch_data_indices: readonly number[];
  readonly score_input?: unknown;
}

function maskOf(pruner: string, sparsity: number, weights: TinyWeights, before: Mask | null = null): Mask {
  const model = loadTinyNet(weights, "float64");
  const { fetch_data_indices: indices } = readGoldenJson<Masks>("masks/masks.json");
  const images = (): { images: ReturnType<typeof tensor>; labels: ReturnType<typeof tensor> } => {
    const parts = (["retain", "forget"] as const).map((part) => tinyData(part, "float64"));
    const chosen = tensor([...indices], { dtype: "int64" });
    return {
      images: cat(parts.map((part) => part.images)).indexSelect(0, chosen),
      labels: cat(parts.map((part) => part.labels)).indexSelect(0, chosen),
    };
  };
  const request = { sparsity, flops: 1, outputPixels: new Map() };
  const how = { allocation: allocationNamed("global"), request, before };
  return maskBy(prunerNamed(pruner), { model, images, generator: Generator.seeded(1) }, how);
}

function expectMask(mask: Mask, name: string): void {
  const expected = readGoldenState("masks/masks.safetensors", `${name}/`);
  expect(mask.names.length).toBe(expected.size);
  for (const [layer, kept] of mask.toState()) expect(kept.toArray(), layer).toEqual(expected.get(layer)?.toArray());
}

describe("masks", () => {
  it.each([0.5, 0.9, 0.95])("omp at sparsity %s", (sparsity) => {
    expectMask(maskOf("omp", sparsity, "theta_o"), `omp_${sparsity}`);
  });

  it.each([3, 10, 14])("imp in %s rounds on unchanged weights", (rounds) => {
    const name = `imp_static_${rounds}`;
    const expected = [...readGoldenState("masks/masks.safetensors", `${name}/`).values()];
    const total = expected.reduce((sum, { numel }) => sum + numel, 0);
    const left = expected.reduce((sum, kept) => sum + kept.to("float64").sum().item(), 0);
    const sparsities = roundSparsities(total, 1 - left / total, 0.2);
    expect(sparsities).toHaveLength(rounds);
    const mask = sparsities.reduce<Mask | null>((before, sparsity) => maskOf("imp", sparsity, "theta_o", before), null);
    expectMask(mask as Mask, name);
  });

  it.each([0.5, 0.9, 0.95])("synflow as published at sparsity %s", (sparsity) => {
    expectMask(maskOf("synflow-as-published", sparsity, "theta_init"), `synflow_${sparsity}_init`);
    expectMask(maskOf("synflow-as-published", sparsity, "theta_o"), `synflow_${sparsity}_o`);
  });

  it.each([
    ["snip", "snip_paper"],
    ["snip-as-published", "snip"],
    ["grasp", "grasp_paper"],
    ["grasp-as-published", "grasp"],
  ])("%s", (pruner, name) => {
    for (const sparsity of [0.5, 0.9, 0.95]) expectMask(maskOf(pruner, sparsity, "theta_init"), `${name}_${sparsity}`);
  });

  it.each([0.5, 0.9, 0.95])("random at sparsity %s, of the draws of the fixture", (sparsity) => {
    const draws = readGoldenState("masks/scores.safetensors").get("random_uniform_draws");
    const layers = readGoldenState("masks/masks.safetensors", `random_${sparsity}/`);
    let start = 0;
    const scores = new Map(
      ["conv1", "conv2", "conv3"].map((layer) => {
        const shape = layers.get(`${layer}.weight_mask`)?.shape ?? [];
        const numel = shape.reduce((product, size) => product * size, 1);
        const part = draws
          ?.narrow(0, start, numel)
          .neg()
          .view([...shape]);
        start += numel;
        return [`${layer}.weight`, part ?? tensor([0])];
      }),
    );
    expectMask(globalMask(scores, sparsity), `random_${sparsity}`);
  });
});
