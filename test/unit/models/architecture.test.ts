import { describe, expect, it } from "vitest";
import {
  type Architecture,
  architectureRegistry,
  createModel,
  defineArchitecture,
  Ensemble,
  Model,
  type ResolvedModelSpec,
} from "../../../src/models/index.ts";
import { AdaptiveAvgPool2d, Conv2d, Flatten, Linear, Normalize, Sequential } from "../../../src/nn/index.ts";
import { Generator, ones, type Tensor } from "../../../src/torch/index.ts";
import { thrownBy } from "../../support/thrown-by.ts";

/** One convolution, the mean over the map, one linear layer. */
class ThreeLayers extends Model {
  readonly #layers: Sequential;

  constructor(spec: ResolvedModelSpec, generator: Generator) {
    super(spec);
    const convolution = new Conv2d(
      { inChannels: spec.inChannels, outChannels: 4, kernelSize: 3, padding: 1 },
      generator,
    );
    const classifier = new Linear({ inFeatures: 4, outFeatures: spec.numClasses }, generator);
    this.#layers = this.registerModule(
      "layers",
      new Sequential(new Normalize(spec.normalize), convolution, new AdaptiveAvgPool2d(1), new Flatten(), classifier),
    );
  }

  override forward(images_NCHW: Tensor): Tensor {
    return this.#layers.call(images_NCHW);
  }
}

const definition: Architecture = {
  name: "three-layers",
  description: "a convolution, the mean, a linear layer",
  build: (spec, generator) => new ThreeLayers(spec, generator),
};
const normalize = { mean: [0.5], std: [0.5] };

describe("an own architecture", () => {
  it("makes models, and is found by its name once it was used", () => {
    const spec = { numClasses: 3, inChannels: 1, imageSize: 8, normalize };
    expect(architectureRegistry.names).not.toContain("three-layers");
    const threeLayers = defineArchitecture(definition);
    using model = createModel({ ...spec, arch: threeLayers }, Generator.seeded(1));
    expect(model.spec).toEqual({ ...spec, arch: "three-layers", stem: "cifar", members: 1 });
    expect(model.call(ones([2, 1, 8, 8])).shape).toEqual([2, 3]);
    using again = createModel({ ...spec, arch: "three-layers" }, Generator.seeded(1));
    expect(again.parameters().map((each) => each.toArray())).toEqual(model.parameters().map((each) => each.toArray()));
    using several = createModel({ ...spec, arch: "three-layers", members: 2 }, Generator.seeded(1));
    expect(several).toBeInstanceOf(Ensemble);
  });

  it("has no stem but the usual one, unless it says so", () => {
    const spec = { arch: { ...definition, name: "three-others" }, numClasses: 3, inChannels: 1, normalize };
    const error = thrownBy(() => createModel({ ...spec, stem: "imagenet" }, Generator.seeded(1)));
    expect(error.message).toBe('three-others.stem: expected one of cifar, got "imagenet"');
  });

  it.each([
    [{ build: undefined }, "architecture three-layers: expected the field build to be a function, got none"],
    [{ description: 5 }, "architecture three-layers: expected the field description to be a text, got 5"],
  ])("is refused with %o", (change, message) => {
    const error = thrownBy(() => defineArchitecture({ ...definition, ...change } as unknown as Architecture));
    expect(error).toMatchObject({ code: "E_ARG", message });
  });
});
