import { describe, expect, it } from "vitest";
import { Model, type ModelSpec, resolveSpec } from "../../../src/models/model.ts";
import type { Tensor } from "../../../src/torch/index.ts";
import { thrownBy } from "../../support/thrown-by.ts";

const spec: ModelSpec = { arch: "some-net", numClasses: 10, normalize: { mean: [0, 0, 0], std: [1, 1, 1] } };

class Identity extends Model {
  override forward(images_NCHW: Tensor): Tensor {
    return images_NCHW;
  }
}

describe("a spec", () => {
  it("gets the defaults that it does not say", () => {
    const common = { ...spec, inChannels: 3, members: 1 };
    expect(resolveSpec(spec, ["cifar", "imagenet"])).toEqual({ ...common, imageSize: 32, stem: "cifar" });
    expect(resolveSpec(spec, ["imagenet"])).toEqual({ ...common, imageSize: 224, stem: "imagenet" });
    const said = { ...spec, inChannels: 1, imageSize: 28, members: 2, normalize: { mean: [0], std: [1] } };
    expect(resolveSpec(said, ["cifar"])).toEqual({ ...said, stem: "cifar" });
  });

  it.each([
    [{ stem: "imagenet" }, 'some-net.stem: expected one of cifar, got "imagenet"'],
    [{ numClasses: 1 }, /some-net\.numClasses: expected .*2.*, got 1/],
    [{ members: 0 }, /some-net\.members: expected .*1.*, got 0/],
    [{ imageSize: 2.5 }, /some-net\.imageSize: expected .*, got 2\.5/],
    [{ inChannels: 1 }, "some-net.normalize.mean: expected 1 values, one per channel, got 3"],
    [{ normalize: { mean: [0, 0, 0], std: [1] } }, "some-net.normalize.std: expected 3 values, one per channel, got 1"],
  ])("with %o is refused by field", (change, message) => {
    const error = thrownBy(() => resolveSpec({ ...spec, ...(change as Partial<ModelSpec>) }, ["cifar"]));
    expect(error.code).toBe("E_ARG");
    expect(error.message).toMatch(message);
  });
});

it("a model has no head, features or steps unless it says so", () => {
  const model = new Identity(resolveSpec(spec, ["cifar"]));
  expect([model.head, model.features(undefined as unknown as Tensor), model.graph()]).toEqual([null, null, null]);
});
