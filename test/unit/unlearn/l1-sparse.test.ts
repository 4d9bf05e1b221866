import { describe, expect, it } from "vitest";
import { gammaAt, l1Sparse, type L1SparseOptions } from "../../../src/unlearn/l1-sparse.ts";
import "../../support/one-thread.ts";
import { combined, expectHead, gradientOf, headOf, linearContext, rowsOf } from "../../support/linear-unlearning.ts";

const options = { gamma: 1, epochs: 5, tailEpochs: 1 } as L1SparseOptions;
const gammas = (schedule: L1SparseOptions["schedule"]): number[] =>
  [0, 1, 2, 3, 4].map((epoch) => gammaAt(epoch, { ...options, schedule }));

describe("the penalty's schedule", () => {
  it("decays, stays or grows, and is 0 in the tail", () => {
    expect(gammas("decay")).toEqual([1, 0.75, 0.5, 0.25, 0]);
    expect(gammas("constant")).toEqual([1, 1, 1, 1, 0]);
    expect(gammas("increase")).toEqual([0, 0.25, 0.5, 0.75, 0]);
  });
});

describe("l1-sparse of a linear classifier", () => {
  it("takes steps along the gradient and the sign of each weight, at the epoch's penalty, by the formula", async () => {
    const context = linearContext();
    const { model, retain } = context;
    const [data, lr] = [rowsOf(model, retain), 0.3];
    const how = { epochs: 2, lr, momentum: 0, weightDecay: 0, gamma: 0.02, tailEpochs: 0 } as const;
    let expected = headOf(model);
    await l1Sparse.run(context, { ...how, schedule: "decay", solver: "subgradient" });
    for (const gamma of [0.02, 0.01]) {
      const signs = expected.map((row) => row.map(Math.sign));
      expected = combined([1, expected], [-lr, gradientOf(expected, data)], [-lr * gamma, signs]);
    }
    expectHead(model, expected);
  });
});
