import { describe, expect, it } from "vitest";
import { createModel, type Model } from "../../../../src/models/index.ts";
import { crossEntropy } from "../../../../src/nn/index.ts";
import { Generator, grad, noGrad, rand, scope, tensor } from "../../../../src/torch/index.ts";
import { inferLogits } from "../../../../src/unlearn/tools/folded.ts";
import { relativeError } from "../../../support/compare.ts";
import "../../../support/one-thread.ts";

const normalize = { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] };

describe.each([
  ["resnet20s", "cifar"],
  ["resnet18", "cifar"],
  ["resnet18", "imagenet"],
  ["resnet50", "cifar"],
] as const)("%s with the %s stem, its normalisations folded", (arch, stem) => {
  const spec = { arch, stem, numClasses: 3, imageSize: 8, normalize };
  const model = createModel(spec, Generator.seeded(1)).to("float64").eval() as Model;
  const generator = Generator.seeded(2);
  noGrad(() => {
    for (const [name, value] of model.stateDict()) {
      if (/running_(mean|var)$|bn\d\.(weight|bias)$/.test(name))
        value.copy_(rand(value.shape, { generator, dtype: "float64" }).add(0.5));
    }
  });
  const images = rand([2, 3, 16, 16], { generator, dtype: "float64" });
  const labels = tensor([0, 2], { dtype: "int64" });

  it("gives the same logits and the same gradients of all parameters", () => {
    scope(() => {
      const names = [...model.namedParameters().keys()];
      const [plain, folded] = [model.call(images), inferLogits(model, images)];
      expect(relativeError(folded.detach(), plain.detach())).toBeLessThan(1e-10);
      const expected = grad([crossEntropy(plain, labels)], model.parameters());
      grad([crossEntropy(folded, labels)], model.parameters()).forEach((gradient, i) =>
        expect(relativeError(gradient, expected[i] as never), names[i]).toBeLessThan(1e-7),
      );
    });
  });
});
