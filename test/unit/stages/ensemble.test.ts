import { describe, expect, it } from "vitest";
import { Ensemble, type Model } from "../../../src/models/index.ts";
import { Mask } from "../../../src/prune/index.ts";
import { assemble } from "../../../src/stages/ensemble.ts";
import { freshModel } from "../../../src/stages/model-file.ts";
import { Generator, keep, liveTensors, noGrad, ones, rand, scope, type Tensor } from "../../../src/torch/index.ts";
import { relativeError } from "../../support/compare.ts";
import "../../support/one-thread.ts";

const spec = { arch: "resnet20s", numClasses: 3, normalize: { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] } };
const like = freshModel(spec, 1, "cpu");
const mask = scope(() => Mask.of(new Map([["conv1.weight", ones([16, 3, 3, 3])]])));

/** As a method gives it: tensors that are not the network's. */
const stateOf = (seed: number): Map<string, Tensor> => {
  using model = freshModel(spec, seed, "cpu");
  return scope(() => new Map([...model.stateDict()].map(([name, value]) => [name, keep(value.detach().clone())])));
};
const images = keep(rand([4, 3, 32, 32], { generator: Generator.seeded(2) }));
const probabilities = (model: Model): number[] =>
  noGrad(() => scope(() => model.eval().call(images).softmax(1).toArray()));

describe("one network", () => {
  it("is a model like the original, with its weights and the original's mask", () => {
    const { model, mask: kept } = assemble({ ensemble: [{ state: stateOf(7), weight: 1 }] }, like, mask);
    expect(model).not.toBeInstanceOf(Ensemble);
    expect(kept).toBe(mask);
    using seventh = freshModel(spec, 7, "cpu");
    expect(probabilities(model)).toEqual(probabilities(seventh));
    model.dispose();
  });
});

describe("several networks", () => {
  const members = [2, 3].map((seed) => freshModel(spec, seed, "cpu"));
  const ensembleOf = (...weights: number[]): ReturnType<typeof assemble> =>
    assemble({ ensemble: weights.map((weight, s) => ({ state: stateOf(s + 2), weight })) }, like, mask);

  it.each([
    [
      [1, 1],
      [0.5, 0.5],
    ],
    [
      [30, 10],
      [0.75, 0.25],
    ],
  ])("of weights %j answer with the mean of their predictions", (weights, shares) => {
    const { model } = ensembleOf(...weights);
    const [first = [], second = []] = members.map(probabilities);
    const expected = first.map((value, i) => (shares[0] ?? 0) * value + (shares[1] ?? 0) * (second[i] ?? 0));
    expect(relativeError(probabilities(model), expected)).toBeLessThan(1e-5);
    model.dispose();
  });

  it("are each under the original's mask", () => {
    const { model, mask: several } = ensembleOf(1, 1);
    expect(several?.names).toEqual(["member0.conv1.weight", "member1.conv1.weight"]);
    expect(model.stateDict().has("member1.conv1.weight")).toBe(true);
    expect(assemble({ ensemble: [0, 1].map((s) => ({ state: stateOf(s), weight: 1 })) }, like, null).mask).toBeNull();
    model.dispose();
  });

  it("take no more memory than such an ensemble: the states that it is made of are freed", () => {
    const costOf = (make: () => Model): number => {
      const before = liveTensors();
      using _model = make();
      return liveTensors() - before;
    };
    const fresh = costOf(() => freshModel({ ...spec, members: 2 }, 1, "cpu"));
    expect(costOf(() => ensembleOf(1, 2).model)).toBe(fresh);
  });
});
