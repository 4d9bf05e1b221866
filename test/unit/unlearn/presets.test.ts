import { describe, expect, it } from "vitest";
import { datasets } from "../../../src/data/registry.ts";
import { architectures } from "../../../src/models/index.ts";
import { methodNamed, resolveOptions } from "../../../src/unlearn/index.ts";
import { presets, presetValues } from "../../../src/unlearn/presets.ts";

const cifar = { data: "cifar10", arch: "resnet18", scenario: "random", sparsity: "dense" } as const;

describe("presets", () => {
  it("are for methods, options, data sets and architectures that exist, within their ranges, and say where they are from", () => {
    for (const { method, when, values, source, with: others = {} } of presets) {
      const { options } = methodNamed(method);
      const given = { epochs: 1, lr: 0.1, shards: 2, slices: 2 };
      expect(resolveOptions(method, options, { ...values, ...others }, given)).toMatchObject({ ...values, ...others });
      if (when.data !== undefined) expect(datasets.map(({ name }) => name)).toContain(when.data);
      if (when.arch !== undefined) expect(architectures.map(({ name }) => name)).toContain(when.arch);
      expect(source.length).toBeGreaterThan(10);
    }
  });

  it("hold where their case is, and give way to the user", () => {
    expect(presetValues("finetune", cifar, {})).toMatchObject([{ option: "lr", value: 0.04 }]);
    expect(presetValues("finetune", cifar, { lr: 0.02 })).toEqual([]);
    expect(presetValues("finetune", { ...cifar, scenario: "class" }, {})).toEqual([]);
    expect(presetValues("finetune", { ...cifar, data: "mnist" }, {})).toEqual([]);
  });

  it("take the more particular of two", () => {
    const rate = (change: object): unknown => presetValues("gradient-ascent", { ...cifar, ...change }, {})[0]?.value;
    expect([rate({}), rate({ scenario: "class" }), rate({ data: "mnist" })]).toEqual([1e-3, 1e-4, 1e-3]);
  });

  it("hold only beside the options they were found with", () => {
    expect(presetValues("influence", cifar, {})).toEqual([]);
    expect(presetValues("influence", cifar, { variant: "reference" })).toMatchObject([{ option: "alpha", value: 10 }]);
  });
});
