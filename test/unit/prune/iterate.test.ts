import { describe, expect, it } from "vitest";
import { global } from "../../../src/prune/allocations/global.ts";
import { definePruner, Mask, maskBy, type Pruner, type PrunerContext } from "../../../src/prune/index.ts";
import { omp } from "../../../src/prune/omp.ts";
import { Generator, keep, noGrad, scope, tensor } from "../../../src/torch/index.ts";
import { linearNet } from "../../support/linear-unlearning.ts";
import { thrownBy } from "../../support/thrown-by.ts";

/** A classifier whose 15 weights are 1 to 15, and what a pruner is given of it. */
function numbered(): PrunerContext {
  const model = linearNet();
  const values = Array.from({ length: 15 }, (_, i) => i + 1);
  noGrad(() =>
    scope(() =>
      model
        .namedParameters()
        .get("fc.weight")
        ?.copy_(tensor(values).view([3, 5])),
    ),
  );
  return {
    model,
    images: () => expect.fail("needs no images"),
    generator: Generator.seeded(1),
    layers: "conv+linear",
  };
}

const requestFor = (sparsity: number): Parameters<typeof maskBy>[2] => ({
  allocation: global,
  request: { sparsity, flops: 1, outputPixels: new Map() },
});

/** Positions that a mask keeps. */
const keptBy = (mask: Mask): number[] =>
  [...mask.toState().values()].flatMap((kept) => kept.toArray().flatMap((value, i) => (value === 1 ? [i] : [])));

/** Magnitudes in three steps; it notes how many weights are not zero at each. */
function inThreeSteps(seen: number[]): Pruner {
  return definePruner({
    ...omp,
    name: "three-steps",
    steps: 3,
    score: (context) => {
      const scores = omp.score(context);
      seen.push([...scores.values()].reduce((sum, score) => sum + score.countNonzero().item(), 0));
      return new Map([...scores].map(([name, score]) => [name, keep(score)]));
    },
  });
}

describe("a mask by a pruner", () => {
  it("keeps the largest scores that the sparsity leaves", () => {
    expect(keptBy(maskBy(omp, numbered(), requestFor(0.8)))).toEqual([12, 13, 14]);
  });

  it("is made in steps, each of which scores what the last has left", () => {
    const [seen, told]: [number[], string[]] = [[], []];
    const mask = maskBy(inThreeSteps(seen), numbered(), requestFor(0.8), (step, steps) =>
      told.push(`${step} of ${steps}`),
    );
    // Each removes 1 - 0.2^(1/3) = 0.4152 of what is left, rounded: of 15 six, of 9 four, of 5 two.
    expect(seen).toEqual([15, 9, 5]);
    expect(keptBy(mask)).toEqual([12, 13, 14]);
    expect(told).toEqual(["0 of 3", "1 of 3", "2 of 3"]);
  });

  it("never keeps what an earlier mask has removed, however large its score", () => {
    const before = scope(() =>
      Mask.of(new Map([["fc.weight", tensor([...Array<number>(12).fill(1), 0, 0, 0]).view([3, 5])]])),
    );
    // Scores that do not see that the weights are zero now, and are all negative, as GraSP's may be.
    const signed = definePruner({
      ...omp,
      name: "signed",
      score: () => new Map([["fc.weight", keep(tensor(Array.from({ length: 15 }, (_, i) => i - 20)).view([3, 5]))]]),
    });
    expect(keptBy(maskBy(signed, numbered(), { ...requestFor(0.8), before }))).toEqual([9, 10, 11]);
  });

  it("keeps at least one weight", () => {
    expect(thrownBy(() => maskBy(omp, numbered(), requestFor(0.99)))).toMatchObject({
      code: "E_ARG",
      message: "sparsity: expected at most 0.933333 of 15 weights to be removed, got 0.99, which leaves none",
      hint: "lower --sparsity",
    });
  });
});
