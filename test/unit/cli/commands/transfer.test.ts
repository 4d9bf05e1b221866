import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { transferCommand, transferSpec } from "../../../../src/cli/commands/transfer.ts";
import { quickTransfer } from "../../../../src/recipes/index.ts";
import { transferRecipe } from "../../../../src/stages/index.ts";
import { optionsFrom } from "../../../support/command-line.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";
import { thrownBy } from "../../../support/thrown-by.ts";
import { tinyTraining } from "../../../support/tiny-runs.ts";
import { hash, runRecord } from "../../report/made-up-records.ts";

const specOf = (...args: string[]): ReturnType<typeof transferSpec> =>
  transferSpec(optionsFrom(transferCommand(), "--out", "x", ...args));

function sourceRun(): string {
  const folder = temporaryFolder();
  const record = runRecord({ kind: "train", name: "source" });
  const result = record.result && { ...record.result, modelSha256: hash("weights") };
  const model = { ...record.model, arch: tinyTraining.arch, stem: tinyTraining.stem };
  const config = { ...tinyTraining, data: { ...tinyTraining.data, name: "made-up" } };
  const { parent: _parent, method: _method, ...others } = record;
  writeFileSync(join(folder, "run.json"), JSON.stringify({ ...others, model, config, seed: config.seed, result }));
  writeFileSync(join(folder, "model.safetensors"), "weights");
  return folder;
}

describe("the settings of a transfer", () => {
  it("start from a run: none to three of its classes, and the paper's training on the target", () => {
    const source = sourceRun();
    expect(specOf("--source", source, "--target", "fashion-mnist")).toMatchObject({
      name: "CIFAR-10 to fashion-mnist, source classes removed",
      source: { run: source },
      target: { name: "fashion-mnist", allowUnverified: false },
      drop: "counts",
      counts: [0, 1, 2, 3],
      methods: ["l1-sparse", "finetune", "retrain"].map((method) => ({ method, options: {} })),
      probe: "linear",
      recipe: transferRecipe,
      seeds: [1],
      device: "cpu",
    });
  });

  it("are what is given", () => {
    const target = ["--target", "folder", "--target-folder", "/pets", "--target-classes", "cat", "--target-test", "9"];
    const source = ["--source", sourceRun(), "--data-folder", "/cifar", "--drop-classes", "cat,dog", "--seeds", "2"];
    const spec = specOf(...source, ...target, "--probe", "full", "--lr", "0.5", "--augment", "--method", "ssd");
    expect(spec.sourceData).toEqual({ allowUnverified: false, folder: "/cifar" });
    expect(spec.target).toEqual({
      name: "folder",
      allowUnverified: false,
      resolution: 32,
      folder: "/pets",
      classes: ["cat"],
      numTest: 9,
    });
    expect([spec.drop, spec.counts, spec.seeds]).toEqual([
      ["cat", "dog"],
      [0, 2],
      [1, 2],
    ]);
    expect(spec.methods.map(({ method }) => method)).toEqual(["ssd", "retrain"]);
    expect([spec.probe, spec.recipe]).toEqual(["full", { ...transferRecipe, lr: 0.5, augment: true }]);
  });

  it("may be the recipe for two cores, which trains its sources itself", () => {
    const quick = quickTransfer(3);
    expect(specOf("--quick")).toEqual(quick);
    const spec = specOf("--quick", "--data-folder", "/cifar", "--allow-unverified", "--device", "cuda");
    expect(spec.source).toMatchObject({ train: { device: "cuda", data: { folder: "/cifar", allowUnverified: true } } });
    expect(spec.target).toMatchObject({ folder: "/cifar", allowUnverified: true });
    expect(specOf("--quick", "--seeds", "1").seeds).toEqual([1]);
  });

  it.each([
    [[], "got neither"],
    [["--source", "s"], "got --source"],
    [["--quick", "--target", "mnist"], "got --target and --quick"],
  ])("are refused with %j", (args, message) => {
    const error = thrownBy(() => specOf(...args));
    expect([error.code, error.message]).toEqual(["E_ARG", expect.stringContaining(message)]);
  });
});
