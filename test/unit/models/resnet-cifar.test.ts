import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { arange, noGrad } from "../../../src/torch/index.ts";
import type { ModelSpec } from "../../../src/models/index.ts";
import { ZeroPadShortcut } from "../../../src/models/resnet-cifar.ts";
import { readGoldenJson } from "../../support/golden.ts";
import { anyModel, expectSameLayout, expectSameResults } from "../../support/model-fixture.ts";
import type { ModelFixture } from "../../support/model-fixture.ts";

const normalize = { mean: [0.4914, 0.4822, 0.4465], std: [0.247, 0.2435, 0.2616] };
const generous = 120_000; // milliseconds: whole networks in double precision on a busy machine

describe("against PyTorch", () => {
  const path = new URL("../../golden/models/models.json", import.meta.url);
  const fixtures = JSON.parse(readFileSync(path, "utf8")) as (ModelFixture & { spec: ModelSpec })[];
  const thin = fixtures.filter(({ spec }) => spec.arch.endsWith("s"));

  it.each(thin)("$spec.arch on $input images", { timeout: generous }, (fixture) => {
    using model = anyModel(fixture.spec);
    expectSameLayout(model, fixture);
    expectSameResults(model, fixture, { rule: "hash", dtype: "float64", train: true });
  });
});

describe("against the reference implementation", () => {
  it("resnet20s, both rules in both precisions", { timeout: generous }, () => {
    const fixture = readGoldenJson<ModelFixture>("models/resnet20s.json");
    using model = anyModel({ arch: "resnet20s", numClasses: 10, normalize });
    expectSameLayout(model, fixture);
    for (const rule of ["hash", "sine"] as const) {
      expectSameResults(model, fixture, { rule, dtype: "float32", train: true });
      expectSameResults(model, fixture, { rule, dtype: "float64", train: true });
    }
  });
});

describe("ZeroPadShortcut", () => {
  it("takes every second pixel, from odd sizes the first and the last, between channels of zeros", () => {
    const input = arange(0, 18).to("float32").view([1, 2, 3, 3]);
    const output = new ZeroPadShortcut(2).call(input);
    expect(output.shape).toEqual([1, 4, 2, 2]);
    expect(output.toArray()).toEqual([0, 0, 0, 0, 0, 2, 6, 8, 9, 11, 15, 17, 0, 0, 0, 0]);
  });
});

describe("depth", () => {
  it.each([
    ["resnet20s", 19],
    ["resnet32s", 31],
    ["resnet44s", 43],
    ["resnet56s", 55],
  ])("%s has %i convolutions", (arch, count) => {
    using model = anyModel({ arch, numClasses: 10, normalize });
    const kernels = noGrad(() => model.parameters().filter((parameter) => parameter.dim() === 4));
    expect(kernels).toHaveLength(count);
  });
});
