/** Gradients of single images against one image at a time, for every kind of layer with parameters. */
import { describe, expect, it } from "vitest";
import { createModel, type Model } from "../../../../src/models/index.ts";
import { crossEntropy } from "../../../../src/nn/index.ts";
import { Generator, grad, liveTensors, noGrad, rand, scope, tensor, type Tensor } from "../../../../src/torch/index.ts";
import { LayerTrace } from "../../../../src/unlearn/tools/layer-gradients.ts";
import { relativeError } from "../../../support/compare.ts";
import { thrownBy } from "../../../support/thrown-by.ts";
import "../../../support/one-thread.ts";

const normalize = { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] };

function build(arch: string): Model {
  const model = createModel({ arch, numClasses: 3, imageSize: 8, normalize }, Generator.seeded(1)).to(
    "float64",
  ) as Model;
  model.eval();
  // Statistics other than 0 and 1, so that normalisation is not the identity.
  const generator = Generator.seeded(2);
  noGrad(() => {
    for (const [name, buffer] of model.namedBuffers()) {
      if (/running_(mean|var)$/.test(name)) buffer.copy_(rand(buffer.shape, { generator, dtype: "float64" }).add(0.5));
    }
  });
  return model;
}

describe.each(["resnet20s", "resnet18"])("the gradients of single images of %s", (arch) => {
  const model = build(arch);
  const images = rand([3, 3, 4, 4], { generator: Generator.seeded(3), dtype: "float64" });
  const labels = tensor([0, 2, 1], { dtype: "int64" });
  const names = [...model.namedParameters().keys()];

  /** By image, then by parameter. */
  const oneByOne = (): Tensor[][] =>
    [0, 1, 2].map((n) =>
      grad([crossEntropy(model.call(images.narrow(0, n, 1)), labels.narrow(0, n, 1))], model.parameters()),
    );

  it("are those of one image at a time", () => {
    scope(() => {
      const expected = oneByOne();
      using trace = new LayerTrace(model, images);
      const seen = new Set<string>();
      trace.each(crossEntropy(trace.logits_NK, labels, { reduction: "none" }), (name, gradient) => {
        seen.add(name);
        for (const n of [0, 1, 2]) {
          const wanted = expected[n]?.[names.indexOf(name)] as Tensor;
          expect(relativeError(gradient.select(0, n), wanted), `${name} of image ${n}`).toBeLessThan(1e-9);
        }
      });
      expect([...seen].sort()).toEqual([...names].sort());
    });
  });

  it("have weighed squares, of several losses together", () => {
    scope(() => {
      const expected = oneByOne();
      using trace = new LayerTrace(model, images);
      const other = tensor([1, 1, 0], { dtype: "int64" });
      const shares = [tensor([0.5, 0, 2], { dtype: "float64" }), tensor([1, 3, 0.25], { dtype: "float64" })] as const;
      const losses = [labels, other].map((wanted, r) => ({
        loss_N: crossEntropy(trace.logits_NK, wanted, { reduction: "none" }),
        share_N: shares[r as 0 | 1],
      }));
      const others = [0, 1, 2].map((n) =>
        grad([crossEntropy(model.call(images.narrow(0, n, 1)), other.narrow(0, n, 1))], model.parameters()),
      );
      const seen = new Set<string>();
      trace.squares(losses, (name, squares) => {
        seen.add(name);
        const at = names.indexOf(name);
        const wanted = [expected, others]
          .flatMap((gradients, r) =>
            gradients.map((each, n) => (each[at] as Tensor).square().mul(shares[r as 0 | 1].select(0, n))),
          )
          .reduce((sum, part) => sum.add(part));
        expect(relativeError(squares, wanted), name).toBeLessThan(1e-9);
      });
      expect([...seen].sort()).toEqual([...names].sort());
    });
  });

  it("leave the layers as they were, and no tensors behind", () => {
    const before = liveTensors();
    scope(() => {
      using trace = new LayerTrace(model, images);
      trace.each(crossEntropy(trace.logits_NK, labels, { reduction: "none" }), () => undefined);
    });
    expect(liveTensors()).toBe(before);
    for (const layer of model.namedModules().values()) expect(Object.hasOwn(layer, "forward")).toBe(false);
  });
});

const images = (): Tensor => rand([1, 3, 4, 4], { generator: Generator.seeded(1), dtype: "float64" });

it("refuses a model in training mode, where images of a batch meet each other", () => {
  const model = build("resnet20s");
  model.train();
  expect(thrownBy(() => new LayerTrace(model, images())).message).toMatch(/expected evaluation mode/);
});
