import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { noGrad, zeros } from "../../../src/torch/index.ts";
import type { ModelSpec } from "../../../src/models/index.ts";
import { readGoldenJson } from "../../support/golden.ts";
import { anyModel, expectSameLayout, expectSameResults } from "../../support/model-fixture.ts";
import type { ModelFixture } from "../../support/model-fixture.ts";

const normalize = { mean: [0.4914, 0.4822, 0.4465], std: [0.247, 0.2435, 0.2616] };
const generous = 120_000; // milliseconds: whole networks in double precision on a busy machine

describe("against PyTorch", () => {
  const path = new URL("../../golden/models/models.json", import.meta.url);
  const fixtures = JSON.parse(readFileSync(path, "utf8")) as (ModelFixture & { spec: ModelSpec })[];
  const wide = fixtures.filter(({ spec }) => !spec.arch.endsWith("s"));

  it.each(wide)("$spec.arch with the $spec.stem stem", { timeout: generous }, (fixture) => {
    using model = anyModel(fixture.spec);
    expectSameLayout(model, fixture);
    expectSameResults(model, fixture, { rule: "hash", dtype: "float64", train: true });
  });
});

describe("against the reference implementation", () => {
  const cases = [
    { file: "resnet18", arch: "resnet18", stem: "cifar" },
    { file: "resnet18_imagenet", arch: "resnet18", stem: "imagenet" },
    { file: "resnet50", arch: "resnet50", stem: "cifar" },
  ] as const;

  it.each(cases)("$file", { timeout: generous }, ({ file, arch, stem }) => {
    const fixture = readGoldenJson<ModelFixture>(`models/${file}.json`);
    using model = anyModel({ arch, stem, numClasses: 10, normalize });
    expectSameLayout(model, fixture);
    expectSameResults(model, fixture, { rule: "hash", dtype: "float32", train: false });
    expectSameResults(model, fixture, { rule: "hash", dtype: "float64", train: true });
    expectSameResults(model, fixture, { rule: "sine", dtype: "float64", train: false });
  });
});

describe("stems", () => {
  it.each([
    ["cifar", 8],
    ["imagenet", 2],
  ] as const)("%s takes images of another size than the usual", (stem, least) => {
    using model = anyModel({
      arch: "resnet18",
      stem,
      numClasses: 5,
      inChannels: 1,
      normalize: { mean: [0], std: [1] },
    });
    const logits = noGrad(() => model.eval().call(zeros([2, 1, 4 * least + 1, 4 * least + 1])));
    expect(logits.shape).toEqual([2, 5]);
  });
});
