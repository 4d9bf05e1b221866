import { expect, it } from "vitest";
import { transferRecipe } from "../../../../src/stages/transfer/transfer-config.ts";
import { checkTransferSpec, removals, type TransferSpec } from "../../../../src/experiments/transfer/transfer-spec.ts";
import { thrownBy } from "../../../support/thrown-by.ts";

const spec: TransferSpec = {
  name: "made up",
  source: { run: "runs/source" },
  sourceData: { allowUnverified: false },
  target: { name: "embedded", allowUnverified: false },
  drop: "counts",
  counts: [2, 0, 1, 2],
  methods: [{ method: "finetune", options: {} }],
  probe: "linear",
  recipe: transferRecipe,
  seeds: [1],
  device: "cpu",
  notes: [],
};
const classes = ["cat", "dog", "ship", "truck"];

it("removes each number of classes once, fewest first", () => {
  expect(removals(spec)).toEqual([1, 2]);
  expect(() => checkTransferSpec(spec, classes)).not.toThrow();
});

it.each<[Partial<TransferSpec>, string]>([
  [{ counts: [3] }, "counts: expected at least two of the 4 source classes to be left, got 3 to remove"],
  [
    { drop: ["cat", "dog", "ship"], counts: [0, 3] },
    "drop-classes: expected at least two of the 4 source classes to be left, got 3 to remove",
  ],
  [{ drop: ["cat", "cow"] }, 'drop-classes: expected 0 to 3 or one of cat, dog, ship, truck, got "cow"'],
  [{ drop: ["cat", "CAT"] }, "drop-classes: expected each class once, got 0 (cat) twice"],
  [{ drop: ["cat"], counts: [2] }, "counts: expected at most 1, the number of drop-classes, got 2"],
  [{ counts: [0.5] }, "counts: expected an integer >= 0, got 0.5"],
  [{ methods: [] }, "method: expected at least one, got none"],
  [{ seeds: [] }, "seeds: expected at least one, got none"],
])("refuses %j", (change, message) => {
  expect(thrownBy(() => checkTransferSpec({ ...spec, ...change }, classes))).toMatchObject({ code: "E_ARG", message });
});

it("refuses an unknown method, suggesting the nearest", () => {
  const methods = [{ method: "l1sparse", options: {} }];
  expect(thrownBy(() => checkTransferSpec({ ...spec, methods }, classes)).hint).toBe("did you mean l1-sparse?");
});
