import { expect, it } from "vitest";
import { BatchNorm2d } from "../../../src/nn/index.ts";
import { Generator, noGrad, randn, tensor } from "../../../src/torch/index.ts";
import { anp, updateMasks } from "../../../src/unlearn/anp.ts";
import { MaskedNorm } from "../../../src/unlearn/tools/masked-norm.ts";
import { contextFor } from "../../support/method-context.ts";
import { TensorSource } from "../../support/tensor-source.ts";
import { tinyNet } from "../../support/tiny-net.ts";

it("lowers the mask of channels whose perturbation raises the loss, and keeps it within 0 and 1", () => {
  using generator = Generator.seeded(1);
  const norm = new BatchNorm2d(3).eval();
  const masked = new MaskedNorm(norm);
  // The loss rises with the output of channel 0, falls with that of channel 1, and ignores channel 2.
  const images = tensor([1, 1, 1], { shape: [1, 3, 1, 1] });
  const loss = (): ReturnType<typeof norm.call> =>
    norm
      .call(images)
      .mul(tensor([1, -1, 0], { shape: [1, 3, 1, 1] }))
      .sum();
  for (let i = 0; i < 3; i++) updateMasks([masked], loss, { epsilon: 0.4, alpha: 0.2, lr: 0.2 }, generator);
  const [first = NaN, second, third] = masked.mask_K.toArray();
  // dL/dm = 1 throughout: 1 - 0.2 (1 + 1.9 + 2.71), the running statistics giving an output of 1 for 1.
  expect(first).toBeCloseTo(Math.max(0, 1 - 0.2 * (1 + 1.9 + 2.71)), 4);
  expect([second, third]).toEqual([1, 1]);
});

it("weighs the clean and the perturbed loss", () => {
  using generator = Generator.seeded(1);
  const step = (alpha: number): number => {
    const norm = new BatchNorm2d(1).eval();
    noGrad(() => norm.bias.zero_());
    const masked = new MaskedNorm(norm);
    const images = tensor([1], { shape: [1, 1, 1, 1] });
    // L = y², dL/dm = 2 y: 2 as it is, 2 · 1.4 at the worst perturbation.
    updateMasks([masked], () => norm.call(images).square().sum(), { epsilon: 0.4, alpha, lr: 0.1 }, generator);
    return 1 - (masked.mask_K.toArray()[0] ?? NaN);
  };
  expect(step(1)).toBeCloseTo(0.2, 4);
  expect(step(0)).toBeGreaterThan(0.2);
  expect(step(0)).toBeLessThanOrEqual(0.2801);
});

const noise = new TensorSource({
  images: randn([40, 3, 16, 16], { generator: Generator.seeded(1), dtype: "float64" }),
  labels: tensor(
    Array.from({ length: 40 }, (_, i) => i % 4),
    { dtype: "int64" },
  ),
});
const unused = { another: () => tinyNet(), fresh: () => tinyNet(), batchSize: 8, epochs: 1, lr: 0.1 };

it("trains the mask by each batch's own statistics, and does not change the running ones", async () => {
  const ended = async (shift: number): Promise<{ weights: number[][]; buffers: number[][]; before: number[][] }> => {
    const model = tinyNet("float64");
    const context = contextFor({ model, ...unused, retain: noise, forget: noise, validation: noise });
    const buffersOf = (): number[][] => [...model.namedBuffers().values()].map((buffer) => buffer.toArray());
    noGrad(() => {
      for (const [name, buffer] of model.namedBuffers()) if (name.endsWith("running_mean")) buffer.add_(shift);
    });
    const before = buffersOf();
    // Any loss of accuracy is borne, so that what is cut depends on the mask alone.
    await anp.run(context, { iterations: 4, epsilon: 0.4, alpha: 0.2, lr: 10, tolerance: 1 });
    return { weights: model.parameters().map((parameter) => parameter.toArray()), buffers: buffersOf(), before };
  };
  const [plain, shifted] = [await ended(0), await ended(5)];
  const start = tinyNet("float64").parameters();
  expect(plain.weights).not.toEqual(start.map((parameter) => parameter.toArray())); // something was cut
  expect(shifted.weights).toEqual(plain.weights);
  expect(plain.buffers).toEqual(plain.before);
  expect(shifted.buffers).toEqual(shifted.before);
});
