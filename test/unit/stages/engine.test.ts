import { expect, it } from "vitest";
import { createModel } from "../../../src/models/index.ts";
import { Mask, prunableWeights } from "../../../src/prune/index.ts";
import type { RunRecord } from "../../../src/record/index.ts";
import { checkEngine, checkNeeds, chooseRunEngine, engineRecord } from "../../../src/stages/engine.ts";
import { quietContext } from "../../../src/stages/index.ts";
import { Generator, rand, scope } from "../../../src/torch/index.ts";
import { thrownBy } from "../../support/thrown-by.ts";
import "../../support/one-thread.ts";

const generator = Generator.seeded(1);
const normalize = { mean: [0, 0, 0], std: [1, 1, 1] };
const model = createModel({ arch: "resnet20s", numClasses: 4, normalize }, generator);
const mask = scope(() =>
  Mask.of(new Map([...prunableWeights(model)].map(([name, { shape }]) => [name, rand(shape, { generator }).lt(0.1)]))),
);
const begun = {} as RunRecord;

it.each<[Parameters<typeof checkEngine>, string | null]>([
  [[{}, false, "cuda"], null],
  [[{ engine: "dense" }, true, "cpu"], null],
  [[{ engine: "sparse", precision: "bf16" }, true, "cpu"], null],
  [
    [{ engine: "sparse" }, false, "cpu"],
    "--engine sparse: expected a pruned model on the CPU, got a model without a mask",
  ],
  [[{ engine: "sparse" }, true, "cuda"], "--engine sparse: expected a pruned model on the CPU, got device cuda"],
  [
    [{ precision: "bf16" }, false, "cpu"],
    "--precision bf16: expected a pruned model on the CPU, on the sparse engine, got a model without a mask",
  ],
  [
    [{ engine: "dense", precision: "bf16" }, true, "cpu"],
    "--precision bf16: expected a pruned model on the CPU, on the sparse engine, got engine dense",
  ],
])("of a demand %j: %s", (demand, message) => {
  if (message === null) expect(() => checkEngine(...demand)).not.toThrow();
  else expect(thrownBy(() => checkEngine(...demand)).message).toBe(message);
});

it("refuses live weights alone to a method that needs more, where they are demanded", () => {
  expect(() => checkNeeds({ engine: "auto" }, "all weights")).not.toThrow();
  expect(() => checkNeeds({ engine: "sparse" }, undefined)).not.toThrow();
  expect(thrownBy(() => checkNeeds({ engine: "sparse" }, "all weights")).message).toMatch(
    /got one for a method that needs all weights$/,
  );
});

it("chooses for a new run, and says and records the choice", async () => {
  const said: string[] = [];
  const context = quietContext({ log: (line) => void said.push(line) });
  const choice = await chooseRunEngine(begun, { engine: "sparse" }, { model, mask }, context);
  expect(choice).toEqual({ name: "sparse", reason: "as asked" });
  expect(said).toEqual(["sparse engine: as asked"]);
  expect(engineRecord(choice)).toEqual({ engine: choice });
  expect(engineRecord(await chooseRunEngine(begun, {}, { model, mask: null }, context))).toEqual({});
});

it("keeps the choice of a resumed run, whatever would be chosen now", async () => {
  const resumed = { engine: { name: "dense", reason: "measured" } } as RunRecord;
  const choice = await chooseRunEngine(resumed, { engine: "sparse" }, { model, mask }, quietContext());
  expect(choice).toEqual({ name: "dense", reason: "measured" });
});

it("is dense for a method that needs it", async () => {
  const needs = { engine: "auto", needsDense: "all weights" } as const;
  expect(await chooseRunEngine(begun, needs, { model, mask }, quietContext())).toEqual({
    name: "dense",
    reason: "the method needs all weights",
  });
});
