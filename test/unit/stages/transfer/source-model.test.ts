import { appendFileSync, cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { RunFolder } from "../../../../src/stages/index.ts";
import { freshModel, layersOf } from "../../../../src/stages/model-file.ts";
import { checkSource, openSource, replaceHead } from "../../../../src/stages/transfer/source-model.ts";
import { loadSafetensors } from "../../../../src/torch/index.ts";
import { thrownBy } from "../../../support/thrown-by.ts";
import { folderOfRuns, pruneTiny, trainTiny } from "../../../support/tiny-runs.ts";

const runs = folderOfRuns();
const [original, pruned] = [join(runs, "original"), join(runs, "pruned")];
const how = { seed: 5, device: "cpu" };

beforeAll(async () => {
  await trainTiny(original);
  await pruneTiny(original, pruned);
});

describe("openSource", () => {
  it("opens a finished run without its data", () => {
    const { path, record, file } = openSource(original);
    expect([path, record.name, file]).toEqual([original, "original", join(original, "model.safetensors")]);
  });

  it("is named in a record by a path from there", () => {
    const { parentIn, record } = openSource(pruned);
    const { modelSha256 } = record.result;
    expect(parentIn(join(runs, "target"))).toEqual({ path: "../pruned", name: "pruned", modelSha256 });
    expect(parentIn(pruned).path).toBe(".");
  });

  it("refuses weights that were changed, and a run that is not finished", () => {
    const changed = join(runs, "changed");
    cpSync(original, changed, { recursive: true });
    appendFileSync(join(changed, "model.safetensors"), " ");
    expect(thrownBy(() => openSource(changed)).message).toMatch(/: expected SHA-256 [0-9a-f]{64}, got [0-9a-f]{64}$/);
    const folder = RunFolder.open(changed);
    folder.writeRecord({ ...folder.readRecord(), status: "interrupted" });
    expect(thrownBy(() => openSource(changed)).hint).toContain("coppice resume");
    rmSync(changed, { recursive: true });
    expect(thrownBy(() => openSource(changed)).code).toBe("E_CHECKPOINT");
  });
});

describe("checkSource", () => {
  it.each([
    ["train", {}, null],
    ["prune", {}, null],
    ["forget", {}, null],
    ["transfer", {}, "one that was transferred already"],
    ["forget", { members: 5 }, "an ensemble of 5"],
  ] as const)("of a run of kind %s with %j finds %j", (kind, change, got) => {
    const { record } = openSource(original);
    const check = (): void => checkSource("runs/a", { ...record, kind, model: { ...record.model, ...change } });
    if (got === null) {
      expect(check).not.toThrow();
      return;
    }
    const error = thrownBy(check);
    expect([error.code, error.message]).toEqual([
      "E_CONFIG",
      `runs/a: expected a source of one network, as it was trained, got ${got}`,
    ]);
  });
});

describe("replaceHead", () => {
  const valuesIn = (path: string): Map<string, number[]> =>
    new Map(
      [...loadSafetensors(join(path, "model.safetensors")).tensors].map(([name, value]) => [name, value.toArray()]),
    );

  it("keeps every weight and statistic of the source but the last layer's, which is new", () => {
    const source = openSource(original);
    const { model, mask } = replaceHead(source, 7, how);
    expect([mask, model.spec.numClasses, model.head?.weight.shape]).toEqual([null, 7, [7, 64]]);
    const before = valuesIn(original);
    for (const [name, value] of model.stateDict())
      if (!name.startsWith("fc.")) expect(value.toArray(), name).toEqual(before.get(name));
    using fresh = freshModel(model.spec, how.seed, "cpu");
    expect(model.head?.weight.toArray()).toEqual(fresh.head?.weight.toArray());
    model.dispose();
  });

  it("draws the last layer by the seed, also where the number of classes stays", () => {
    const source = openSource(original);
    const headOf = (seed: number): number[] | undefined => {
      const { model } = replaceHead(source, 4, { seed, device: "cpu" });
      const values = model.head?.weight.toArray();
      model.dispose();
      return values;
    };
    expect(headOf(1)).toEqual(headOf(1));
    expect(headOf(1)).not.toEqual(headOf(2));
    expect(headOf(1)).not.toEqual(valuesIn(original).get("fc.weight"));
  });

  it("keeps the mask of a pruned source, on all but the last layer", () => {
    const { model, mask } = replaceHead(openSource(pruned), 3, how);
    const { mask: recorded } = RunFolder.open(pruned).readRecord();
    expect(mask?.layers).toEqual(recorded?.layers);
    const layers = new Map(layersOf(model).map(({ name, nonzero }) => [name, nonzero]));
    for (const { name, nonzero } of mask?.layers ?? []) expect(layers.get(name), name).toBeLessThanOrEqual(nonzero);
    expect(layers.get("fc.weight")).toBe(3 * 64);
    model.dispose();
  });
});
