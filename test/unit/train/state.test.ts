import { expect, it } from "vitest";
import { Linear } from "../../../src/nn/index.ts";
import { sgd } from "../../../src/optim/index.ts";
import { Generator, onesLike, rand, scope } from "../../../src/torch/index.ts";
import { type Parts, restore, snapshot } from "../../../src/train/state.ts";
import { thrownBy } from "../../support/thrown-by.ts";

const position = {
  phase: 0,
  finished: [],
  epoch: 0,
  step: 1,
  totalSteps: 1,
  lossSum: 0,
  correct: 0,
  seen: 0,
  epochSeconds: 0,
  seconds: 0,
  dataSeconds: 0,
  lastLoss: 0,
  lastAccuracy: 0,
};

function partsOf(seed: number): Parts {
  const model = new Linear({ inFeatures: 2, outFeatures: 1 }, Generator.seeded(seed));
  const optimizer = sgd(model.namedParameters(), { lr: 0.1, momentum: 0.9 });
  return { model, optimizer, order: Generator.seeded(seed + 1), augment: Generator.seeded(seed + 2) };
}

function step({ model, optimizer }: Parts): void {
  for (const parameter of model.parameters()) parameter.grad = onesLike(parameter);
  optimizer.step();
}

const weightsOf = ({ model }: Parts): number[][] => [...model.stateDict().values()].map((value) => value.toArray());
const draw = (generator: Generator): number[] => scope(() => rand([3], { generator }).toArray());

it("a restored run takes the step that the first would have taken, momentum and draws included", () => {
  const first = partsOf(1);
  step(first);
  const before = first.order.getState();
  draw(first.order);
  draw(first.augment);
  const state = snapshot(position, first, before);
  const saved = { position, tensors: new Map([...state.tensors].map(([name, value]) => [name, value.clone()])) };
  const second = partsOf(10);
  restore(saved, second);
  step(first);
  step(second);
  expect(weightsOf(second)).toEqual(weightsOf(first));
  // The order is drawn again from where the epoch began, what augments goes on from now.
  const again = partsOf(1);
  expect(draw(second.order)).toEqual(draw(again.order));
  expect(draw(second.augment)).toEqual(draw(first.augment));
});

it("refuses a state without a generator, and one of another model", () => {
  const parts = partsOf(1);
  const { tensors } = snapshot(position, parts, parts.order.getState());
  const without = new Map([...tensors].filter(([name]) => name !== "generator.augment"));
  expect(thrownBy(() => restore({ position, tensors: without }, partsOf(2)))).toMatchObject({
    code: "E_CHECKPOINT",
    message: "checkpoint: expected generator.augment, got none",
  });
  const wider = new Linear({ inFeatures: 3, outFeatures: 1 }, Generator.seeded(1));
  expect(thrownBy(() => restore({ position, tensors }, { ...parts, model: wider })).code).toBe("E_CHECKPOINT");
});
