/** Scores of a linear classifier, by the formula of its gradient. */
import { expect, it } from "vitest";
import { snip, snipAsPublished } from "../../../src/prune/snip.ts";
import { scope } from "../../../src/torch/index.ts";
import { gradientOf, headOf, linearContext, rowsOf } from "../../support/linear-unlearning.ts";
import { prunerContext } from "../../support/pruner-context.ts";

const { model, retain } = linearContext();
const gradients = gradientOf(headOf(model), rowsOf(model, retain)).map((row) => row.slice(0, -1));
const weights = headOf(model).map((row) => row.slice(0, -1));

it.each([
  ["snip", snip, gradients.map((row, k) => row.map((value, i) => Math.abs(value * (weights[k]?.[i] ?? NaN))))],
  ["snip-as-published", snipAsPublished, gradients.map((row) => row.map(Math.abs))],
] as const)("%s is the size of the gradient, with the weight or without", (_, pruner, expected) => {
  scope(() => {
    const scores = pruner.score(prunerContext(model, retain));
    expect([...scores.keys()]).toEqual(["fc.weight"]); // no bias
    const found = scores.get("fc.weight")?.toArray() ?? [];
    expected.flat().forEach((value, i) => expect(found[i]).toBeCloseTo(value, 12));
  });
});

it("asks for 25 images of every class", () => {
  scope(() => {
    const { images, ...context } = prunerContext(model, retain);
    const asked: number[] = [];
    snip.score({ ...context, images: (perClass) => (asked.push(perClass), images(perClass)) });
    expect(asked).toEqual([25]);
  });
});
