import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { openModel, RunFolder } from "../../../src/stages/index.ts";
import { Generator, liveTensors, rand, scope, type Tensor } from "../../../src/torch/index.ts";
import { relativeError } from "../../support/compare.ts";
import { folderOfRuns, pruneTiny, trainTiny } from "../../support/tiny-runs.ts";
import { thrownBy } from "../../support/thrown-by.ts";

const folder = folderOfRuns();
const [original, pruned] = [join(folder, "original"), join(folder, "pruned")];

beforeAll(async () => {
  await trainTiny(original);
  await pruneTiny(original, pruned);
});

const generator = Generator.seeded(1);
const images = (): Tensor => rand([5, 3, 32, 32], { generator });
const rowsOf = (values: ArrayLike<number>, count: number): number[][] =>
  Array.from({ length: count }, (_, i) =>
    Array.from(values).slice((i * values.length) / count, ((i + 1) * values.length) / count),
  );

describe("openModel", () => {
  it("gives logits of a folder's model, an image at a time as in a batch: statistics are those of training", async () => {
    using opened = await openModel(original);
    expect([opened.classNames.length, opened.mask, opened.engine, opened.record.kind]).toEqual([
      4,
      null,
      null,
      "train",
    ]);
    opened.model.train();
    scope(() => {
      const batch = images();
      const logits = opened.call(batch);
      expect([logits.shape, logits.requiresGrad]).toEqual([[5, 4], false]);
      const alone = opened.call(batch.narrow(0, 2, 1)).toArray();
      expect(relativeError(alone, rowsOf(logits.toArray(), 5)[2] ?? [])).toBeLessThan(1e-5);
    });
    expect(opened.model.training).toBe(true);
  });

  it("computes a pruned model the same on either engine", async () => {
    using dense = await openModel(pruned, { engine: "dense" });
    using sparse = await openModel(pruned, { engine: "sparse" });
    expect([dense.engine?.name, sparse.engine?.name]).toEqual(["dense", "sparse"]);
    expect(dense.mask?.sparsity).toBeCloseTo(0.5, 3);
    scope(() => {
      const batch = images();
      expect(relativeError(sparse.call(batch).toArray(), dense.call(batch).toArray())).toBeLessThan(1e-5);
    });
  });

  it("knows the normalisation from the weights, as exactly as the model itself", async () => {
    using opened = await openModel(original);
    const { mean, std } = opened.model.spec.normalize;
    expect(mean.map((value) => value.toFixed(4))).toEqual(["0.5032", "0.4908", "0.4902"]);
    expect(std.map((value) => value.toFixed(4))).toEqual(["0.2021", "0.1965", "0.1995"]);
    using named = await openModel(original, { normalization: { mean: [0, 0, 0], std: [1, 1, 1] } });
    scope(() => {
      const batch = images();
      expect(named.call(batch).toArray()).toEqual(opened.call(batch).toArray());
    });
  });

  it("takes a run that is open already, and leaves no memory behind", async () => {
    const run = RunFolder.open(pruned);
    const before = liveTensors();
    {
      using opened = await openModel({ folder: run, record: run.requireFinished() }, { engine: "sparse" });
      scope(() => void opened.call(images()));
    }
    expect(liveTensors()).toBe(before);
  });

  it("refuses what is no finished run, and an engine that cannot run the model", async () => {
    await expect(openModel(folder)).rejects.toThrow(/expected a run folder, got a folder without run\.json/);
    await expect(openModel(original, { engine: "sparse" })).rejects.toThrow(/got a model without a mask/);
    const copy = join(folder, "unfinished");
    await trainTiny(copy);
    const run = RunFolder.open(copy);
    run.writeRecord({ ...run.readRecord(), status: "interrupted" });
    await expect(openModel(copy)).rejects.toThrow(/expected a finished run, got one that is interrupted/);
    expect(thrownBy(() => run.requireFinished()).hint).toContain("coppice resume");
  });
});
