/** The operators on single images' gradients against autograd, one image and one loss at a time, and against their form for other devices. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  callOperator,
  conv2d,
  conv2dSampleGradients,
  conv2dSampleSquares,
  type DType,
  Generator,
  getNumThreads,
  grad,
  rand,
  scope,
  setNumThreads,
  type Tensor,
} from "../../src/torch/index.ts";
import { relativeError } from "../support/compare.ts";
import { thrownBy } from "../support/thrown-by.ts";

interface Case {
  readonly batch: number;
  readonly losses: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly size: readonly [number, number];
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly padding: readonly [number, number];
  readonly dilation: readonly [number, number];
}

const pair = (min: number, max: number): fc.Arbitrary<[number, number]> =>
  fc.tuple(fc.integer({ min, max }), fc.integer({ min, max }));

// Around the tile of 8 rows and 16 or 32 columns: fewer, as many, more.
const cases: fc.Arbitrary<Case> = fc
  .record({
    batch: fc.integer({ min: 1, max: 5 }),
    losses: fc.integer({ min: 1, max: 3 }),
    inputs: fc.constantFrom(1, 3, 4, 16, 19),
    outputs: fc.constantFrom(1, 5, 8, 11, 16),
    size: pair(3, 9),
    kernel: pair(1, 3),
    stride: pair(1, 2),
    padding: pair(0, 2),
    dilation: pair(1, 2),
  })
  .filter(({ size, kernel, padding, dilation }) =>
    size.every((n, i) => n + 2 * (padding[i] ?? 0) >= (dilation[i] ?? 1) * ((kernel[i] ?? 1) - 1) + 1),
  );

function tensorsOf(c: Case, dtype: DType): { input: Tensor; weight: Tensor; gradients: Tensor; shares: Tensor } {
  const generator = Generator.seeded(1);
  const draw = (...shape: number[]): Tensor => rand(shape, { generator, dtype: "float64" }).sub(0.5).to(dtype);
  const input = draw(c.batch, c.inputs, ...c.size);
  const weight = draw(c.outputs, c.inputs, ...c.kernel);
  const [, , height = 0, width = 0] = conv2d(input, weight, null, c.stride, c.padding, c.dilation).shape;
  const gradients = draw(c.losses, c.batch, c.outputs, height, width);
  return { input, weight, gradients, shares: draw(c.losses, c.batch) };
}

/** g[r][n]: the gradient of ⟨dY, conv(x_n, W)⟩ with respect to W. */
function oneByOne(c: Case, { input, weight, gradients }: ReturnType<typeof tensorsOf>): Tensor[][] {
  weight.requiresGrad = true;
  return Array.from({ length: c.losses }, (_, r) =>
    Array.from({ length: c.batch }, (__, n) => {
      const output = conv2d(input.narrow(0, n, 1), weight, null, c.stride, c.padding, c.dilation);
      return grad([output.mul(gradients.select(0, r).narrow(0, n, 1)).sum()], [weight])[0] as Tensor;
    }),
  );
}

const close = (ours: Tensor, expected: Tensor, tolerance: number, what: string): void =>
  expect(relativeError(ours, expected), what).toBeLessThan(tolerance);

describe.each([
  ["float64", 1e-12],
  ["float32", 1e-4],
] as const)("in %s", (dtype, tolerance) => {
  it("the gradients of single images are autograd's", () => {
    fc.assert(
      fc.property(cases, (c) =>
        scope(() => {
          const tensors = tensorsOf({ ...c, losses: 1 }, dtype);
          const expected = oneByOne({ ...c, losses: 1 }, tensors);
          const args = [tensors.input, tensors.gradients.select(0, 0)] as const;
          const found = conv2dSampleGradients(...args, c.kernel, c.stride, c.padding, c.dilation);
          const rest = [c.kernel, c.stride, c.padding, c.dilation];
          const gathered = callOperator("coppice::conv2d_sample_gradients.gathered", [...args, ...rest]) as Tensor;
          for (let n = 0; n < c.batch; n++) {
            close(found.select(0, n), expected[0]?.[n] as Tensor, tolerance, `image ${n}`);
            close(gathered.select(0, n), expected[0]?.[n] as Tensor, tolerance, `image ${n}, gathered`);
          }
        }),
      ),
      { numRuns: 60 },
    );
  });

  it("the weighed squares, inner products and sums are those of autograd's gradients", () => {
    fc.assert(
      fc.property(cases, (c) =>
        scope(() => {
          const tensors = tensorsOf(c, dtype);
          const expected = oneByOne(c, tensors);
          const { input, gradients, shares } = tensors;
          const weight = tensors.weight.detach();
          const args = [input, gradients, shares, weight, c.stride, c.padding, c.dilation] as const;
          const gathered = callOperator("coppice::conv2d_sample_squares.gathered", [...args]) as Tensor[];
          for (const [squares, inner, sums] of [conv2dSampleSquares(...args), gathered] as [Tensor, Tensor, Tensor][]) {
            let wanted = weight.zerosLike();
            for (let r = 0; r < c.losses; r++) {
              for (let n = 0; n < c.batch; n++) {
                const gradient = expected[r]?.[n] as Tensor;
                wanted = wanted.add(gradient.square().mul(shares.select(0, r).select(0, n)));
                const [along, total] = [inner, sums].map((of) => of.select(0, r).select(0, n)) as [Tensor, Tensor];
                close(along, gradient.mul(weight).flatten(1, -1).sumDim([1]), 10 * tolerance, "inner product");
                close(total, gradients.select(0, r).select(0, n).flatten(1, -1).sumDim([1]), 10 * tolerance, "sum");
              }
            }
            close(squares, wanted, 10 * tolerance, "squares");
          }
        }),
      ),
      { numRuns: 60 },
    );
  });
});

const plain: Case = {
  batch: 4,
  losses: 2,
  inputs: 3,
  outputs: 4,
  size: [6, 6],
  kernel: [3, 3],
  stride: [1, 1],
  padding: [1, 1],
  dilation: [1, 1],
};

it("gives the same bytes from run to run", () => {
  const before = getNumThreads();
  setNumThreads(2);
  scope(() => {
    const { input, gradients, shares, weight } = tensorsOf(plain, "float32");
    const run = (): number[][] =>
      conv2dSampleSquares(input, gradients, shares, weight, 1, 1, 1).map((tensor) => tensor.toArray());
    expect(run()).toEqual(run());
  });
  setNumThreads(before);
});

it("refuses what does not fit together", () => {
  scope(() => {
    const { input, gradients, shares, weight } = tensorsOf(plain, "float32");
    const refused = (change: () => unknown): string => thrownBy(change).message;
    expect(refused(() => conv2dSampleSquares(input, gradients, shares, weight, 2, 1, 1))).toMatch(
      /expected gradients of 3 positions in dimension 0, got 6/,
    );
    const small = input.narrow(2, 0, 2).narrow(3, 0, 2);
    expect(refused(() => conv2dSampleGradients(small, small.narrow(2, 0, 1).narrow(3, 0, 1), 3, 2, 0, 1))).toMatch(
      /expected an input as large as the kernel/,
    );
    expect(refused(() => conv2dSampleSquares(input, gradients, shares.t(), weight, 1, 1, 1))).toMatch(
      /expected gradients \[R, N, O, Ho, Wo\], shares \[R, N\] and a weight/,
    );
    expect(refused(() => conv2dSampleSquares(input, gradients, shares.to("float64"), weight, 1, 1, 1))).toMatch(
      /expected all of Float, got Double/,
    );
    expect(refused(() => conv2dSampleGradients(input, gradients, 3, 1, 1, 1))).toMatch(
      /expected gradients \[N, O, Ho, Wo\]/,
    );
  });
});
