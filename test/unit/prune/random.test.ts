import { expect, it } from "vitest";
import { random } from "../../../src/prune/random.ts";
import { Generator, scope } from "../../../src/torch/index.ts";
import { linearNet } from "../../support/linear-unlearning.ts";

/** Scores drawn by the seed, layer by layer. */
function drawn(seed: number): number[][] {
  return scope(() => {
    const model = linearNet("convolution");
    const scores = random.score({
      model,
      images: () => expect.fail("needs no images"),
      generator: Generator.seeded(seed),
      layers: "conv+linear",
    });
    for (const [name, score] of scores) expect(score.shape, name).toEqual(model.namedParameters().get(name)?.shape);
    return [...scores.values()].map((score) => score.toArray());
  });
}

it("draws a uniform score for every weight, the same for the same seed", () => {
  const scores = drawn(1);
  expect(drawn(1)).toEqual(scores);
  expect(drawn(2)).not.toEqual(scores);
  const flat = scores.flat();
  expect(flat.every((score) => score >= 0 && score < 1)).toBe(true);
  expect(new Set(flat).size).toBe(flat.length);
  const mean = flat.reduce((sum, score) => sum + score, 0) / flat.length;
  expect(Math.abs(mean - 0.5)).toBeLessThan(4 / Math.sqrt(12 * flat.length)); // four standard errors
});
