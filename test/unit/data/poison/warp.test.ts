import { expect, it } from "vitest";
import { bicubic, warp } from "../../../../src/data/poison/warp.ts";
import { callOperator, scope, tensor, type Tensor } from "../../../../src/torch/index.ts";
import { imageBy } from "../../../support/poison-setting.ts";

const shape = { channels: 2, height: 6, width: 5 };

it("stretches a field as libtorch's bicubic interpolation does", () => {
  const coarse = Float64Array.from({ length: 16 }, (_, i) => Math.sin(3 * i + 1));
  const expected = scope(() => {
    const input = tensor(coarse, { shape: [1, 1, 4, 4] });
    const output = callOperator("aten::upsample_bicubic2d", [input, [6, 5], true, null, null]) as Tensor;
    return [...(output.data() as Float64Array)];
  });
  bicubic(coarse, 4, shape).forEach((value, i) => expect(value).toBeCloseTo(expected[i] ?? NaN, 10));
});

it("samples as libtorch's grid sampler does, never from beyond the border", () => {
  const image = imageBy(shape, (c, h, w) => (37 * c + 53 * h + 91 * w) % 256);
  const shifts = (seed: number): Float64Array =>
    Float64Array.from({ length: 30 }, (_, i) => 2 * Math.sin(seed + 5 * i));
  const [down, right] = [shifts(1), shifts(2)];
  const grid = Float64Array.from({ length: 60 }, (_, i) => {
    const pixel = i >> 1;
    const [place, extent] =
      i % 2 === 0 ? [(pixel % 5) + (right[pixel] ?? 0), 5] : [Math.floor(pixel / 5) + (down[pixel] ?? 0), 6];
    return Math.min(1, Math.max(-1, (2 * place) / (extent - 1) - 1));
  });
  const expected = scope(() => {
    const input = tensor(Float64Array.from(image), { shape: [1, 2, 6, 5] });
    const output = callOperator("aten::grid_sampler_2d", [input, tensor(grid, { shape: [1, 6, 5, 2] }), 0, 0, true]);
    return [...((output as Tensor).data() as Float64Array)];
  });
  const warped = image.slice();
  warp(warped, { down, right }, shape);
  warped.forEach((value, i) => expect(Math.abs(value - (expected[i] ?? NaN))).toBeLessThanOrEqual(0.5 + 1e-9));
});

it("leaves an image alone where nothing is shifted", () => {
  const image = imageBy(shape, (c, h, w) => c + h + w);
  const warped = image.slice();
  warp(warped, { down: new Float64Array(30), right: new Float64Array(30) }, shape);
  expect(warped).toEqual(image);
});
