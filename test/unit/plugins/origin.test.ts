import { expect, it } from "vitest";
import { fileOf, pluginsIn, registries, rememberFile } from "../../../src/plugins/index.ts";
import { definePruner, omp } from "../../../src/prune/index.ts";

it("finds nothing to record where all is built in", () => {
  const settings = { method: "retrain", pruner: "omp", detector: "strip", arch: "resnet18", data: { name: "cifar10" } };
  expect(pluginsIn(settings)).toEqual([]);
  expect(pluginsIn({})).toEqual([]);
});

it("names what is not built in, with its file where it came from one", () => {
  const [fromFile, fromProgram] = ["largest-first", "at-will"].map((name) => definePruner({ ...omp, name }));
  registries.pruner.add(fromFile as never);
  registries.pruner.add(fromProgram as never);
  const file = { path: "/plugins/largest-first.ts", sha256: "0".repeat(64) };
  rememberFile("pruner", "largest-first", file);
  expect(pluginsIn({ pruner: "largest-first", arch: "resnet18" })).toEqual([
    { kind: "pruner", name: "largest-first", ...file },
  ]);
  expect(pluginsIn({ pruner: "at-will" })).toEqual([{ kind: "pruner", name: "at-will" }]);
  expect(fileOf("pruner", "at-will")).toBeUndefined();
});
