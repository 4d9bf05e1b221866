/** What the golden masks do not say: the conservation law, and a model that is given back as it was. */
import { expect, it } from "vitest";
import { createModel, type Model } from "../../../src/models/index.ts";
import { prunerNamed } from "../../../src/prune/index.ts";
import { Generator, scope, type Tensor } from "../../../src/torch/index.ts";
import "../../support/one-thread.ts";

const normalize = { mean: [0.4, 0.5, 0.6], std: [0.2, 0.3, 0.4] };
const build = (): Model =>
  createModel({ arch: "resnet20s", numClasses: 4, imageSize: 8, normalize }, Generator.seeded(1));
const score = (model: Model): Map<string, Tensor> =>
  prunerNamed("synflow").score({ model, images: () => expect.fail("needs no data"), generator: Generator.seeded(1) });

it("flows into a channel as much as out of it", () => {
  const scores = score(build());
  scope(() => {
    // Into a channel of the middle of a block flows what flows out of it.
    const into = scores.get("layer1.0.conv1.weight")?.sumDim([1, 2, 3]).toArray() ?? [];
    const out = scores.get("layer1.0.conv2.weight")?.sumDim([0, 2, 3]).toArray() ?? [];
    expect(into.length).toBe(16);
    into.forEach((value, channel) => expect(value / (out[channel] ?? NaN)).toBeCloseTo(1, 9));
  });
});

it("gives the model back as it was", () => {
  const model = build();
  const before = new Map([...model.stateDict()].map(([name, value]) => [name, value.toArray()]));
  score(model);
  expect(model.training).toBe(true);
  for (const [name, value] of model.stateDict()) {
    expect(value.toArray(), name).toEqual(before.get(name));
    if (name === "conv1.weight") expect(value.dtype).toBe("float32");
  }
});
