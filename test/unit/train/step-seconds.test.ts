import { expect, it } from "vitest";
import { sgd } from "../../../src/optim/index.ts";
import { Interrupted, stepSeconds } from "../../../src/train/index.ts";
import { linearContext, linearNet } from "../../support/linear-unlearning.ts";

const { retain } = linearContext();

it("times each model, and leaves their weights as they are", async () => {
  const models = [linearNet(), linearNet("linear", 2)];
  const weights = (): number[][] => models.flatMap((model) => model.parameters().map((value) => value.toArray()));
  const before = weights();
  let made = 0;
  const seconds = await stepSeconds(
    models.map((model) => ({ model })),
    retain,
    { optimizer: (model) => (made++, sgd(model.namedParameters(), { lr: 0 })) },
  );
  expect(seconds).toHaveLength(2);
  for (const each of seconds) {
    expect(each).toBeGreaterThan(0);
    expect(each).toBeLessThan(60);
  }
  expect(made).toBe(2);
  expect(weights()).toEqual(before);
});

it("stops when asked to", async () => {
  const timing = stepSeconds([{ model: linearNet() }], retain, { signal: AbortSignal.abort() });
  await expect(timing).rejects.toBeInstanceOf(Interrupted);
});
