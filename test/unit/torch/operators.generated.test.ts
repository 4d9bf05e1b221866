/** Every wrapper by value: numbers small enough to be checked by hand. */
import { describe, expect, it } from "vitest";
import { arange, tensor, zeros } from "../../../src/torch/create.ts";
import type { DType } from "../../../src/torch/dtype.ts";
import { Generator } from "../../../src/torch/generator.ts";
import { NativeObject } from "../../../src/torch/native-object.ts";
import * as ops from "../../../src/torch/operators.generated.ts";
import { Tensor } from "../../../src/torch/tensor.ts";
import { thrownBy } from "../../support/thrown-by.ts";

const f = (...values: number[]): Tensor => tensor(values, { dtype: "float64" });
const i = (...values: number[]): Tensor => tensor(values, { dtype: "int64" });
const b = (...values: number[]): Tensor => tensor(values, { dtype: "bool" });
const m = (rows: number, ...values: number[]): Tensor => f(...values).reshape([rows, values.length / rows]);
const image = (...values: number[]): Tensor => f(...values).reshape([1, 1, 2, values.length / 2]);
const seeded = (): Generator => Generator.seeded(1);
const pointwise = { input: 0, out_channels: 1, kernel_size: 1, stride: 1, projection: 0 };

type Value = number | boolean | readonly (number | readonly number[])[];
type Case = readonly [call: () => Tensor | Tensor[] | boolean, expected: Value];

// Expected values are flat; results of several tensors are lists of flat lists.
const cases: Record<string, readonly Case[]> = {
  add: [
    [() => f(1, 2).add(f(3, 4)), [4, 6]],
    [() => f(1, 2).add(f(3, 4), 10), [31, 42]],
    [() => i(1, 2).add(1), [2, 3]],
    [() => f(1, 2).add(0.5, 2), [2, 3]],
  ],
  sub: [
    [() => f(1, 2).sub(f(3, 5)), [-2, -3]],
    [() => f(1, 2).sub(1, 3), [-2, -1]],
  ],
  mul: [
    [() => f(1, 2).mul(f(3, 5)), [3, 10]],
    [() => f(1, 2).mul(-2), [-2, -4]],
  ],
  div: [
    [() => f(1, 6).div(f(2, 3)), [0.5, 2]],
    [() => i(1, 6).div(4), [0.25, 1.5]],
  ],
  remainder: [
    [() => i(7, -7).remainder(i(3, 3)), [1, 2]],
    [() => f(7.5).remainder(2), [1.5]],
  ],
  pow: [
    [() => f(2, 3).pow(f(3, 2)), [8, 9]],
    [() => f(2, 3).pow(2), [4, 9]],
  ],
  addcmul: [
    [() => f(1).addcmul(f(2), f(3)), [7]],
    [() => f(1).addcmul(f(2), f(3), 10), [61]],
  ],
  maximum: [[() => f(1, 5).maximum(f(3, 4)), [3, 5]]],
  minimum: [[() => f(1, 5).minimum(f(3, 4)), [1, 4]]],
  neg: [[() => f(1, -2).neg(), [-1, 2]]],
  abs: [[() => f(1, -2).abs(), [1, 2]]],
  sign: [[() => f(3, 0, -2).sign(), [1, 0, -1]]],
  sqrt: [[() => f(4, 9).sqrt(), [2, 3]]],
  rsqrt: [[() => f(4, 0.25).rsqrt(), [0.5, 2]]],
  exp: [[() => f(0, 1).exp(), [1, Math.E]]],
  log: [[() => f(1, Math.E).log(), [0, 1]]],
  log1p: [[() => f(0, 1e-12).log1p(), [0, Math.log1p(1e-12)]]],
  expm1: [[() => f(0, 1e-12).expm1(), [0, Math.expm1(1e-12)]]],
  square: [[() => f(3, -2).square(), [9, 4]]],
  sigmoid: [[() => f(0, Math.log(3)).sigmoid(), [0.5, 0.75]]],
  sin: [[() => f(0, Math.PI / 6).sin(), [0, 0.5]]],
  cos: [[() => f(0, Math.PI / 3).cos(), [1, 0.5]]],
  floor: [[() => f(1.7, -1.2).floor(), [1, -2]]],
  round: [[() => f(0.5, 1.5, -1.2).round(), [0, 2, -1]]], // halves to even
  reciprocal: [[() => f(4).reciprocal(), [0.25]]],
  clamp: [
    [() => f(-1, 5).clamp(0, 3), [0, 3]],
    [() => f(-1, 5).clamp(null, 3), [-1, 3]],
    [() => f(-1, 5).clamp(0), [0, 5]],
  ],
  clampMin: [[() => f(-1, 5).clampMin(0), [0, 5]]],
  isfinite: [[() => f(1, NaN, Infinity).isfinite(), [1, 0, 0]]],
  isnan: [[() => f(1, NaN, Infinity).isnan(), [0, 1, 0]]],
  eq: [
    [() => f(1, 2).eq(f(1, 3)), [1, 0]],
    [() => f(1, 2).eq(2), [0, 1]],
  ],
  ne: [
    [() => f(1, 2).ne(f(1, 3)), [0, 1]],
    [() => f(1, 2).ne(2), [1, 0]],
  ],
  lt: [
    [() => f(1, 2).lt(f(2, 2)), [1, 0]],
    [() => f(1, 2).lt(2), [1, 0]],
  ],
  le: [
    [() => f(1, 3).le(f(1, 2)), [1, 0]],
    [() => f(1, 3).le(1), [1, 0]],
  ],
  gt: [
    [() => f(1, 3).gt(f(1, 2)), [0, 1]],
    [() => f(1, 3).gt(1), [0, 1]],
  ],
  ge: [
    [() => f(1, 3).ge(f(2, 3)), [0, 1]],
    [() => f(1, 3).ge(2), [0, 1]],
  ],
  logicalAnd: [[() => b(0, 1, 1).logicalAnd(b(1, 1, 0)), [0, 1, 0]]],
  logicalOr: [[() => b(0, 1, 0).logicalOr(b(1, 1, 0)), [1, 1, 0]]],
  logicalNot: [[() => b(0, 1).logicalNot(), [1, 0]]],
  where: [[() => ops.where(b(1, 0), f(1, 2), f(3, 4)), [1, 4]]],
  maskedFill: [
    [() => f(1, 2).maskedFill(b(1, 0), 9), [9, 2]],
    [() => f(1, 2).maskedFill(b(1, 0), f(9).reshape([])), [9, 2]],
  ],
  maskedSelect: [[() => f(1, 2, 3).maskedSelect(b(1, 0, 1)), [1, 3]]],
  equal: [
    [() => f(1, 2).equal(f(1, 2)), true],
    [() => f(1, 2).equal(f(1, 3)), false],
  ],
  sum: [
    [() => f(1, 2).sum(), [3]],
    [() => i(1, 2).sum("float64"), [3]],
  ],
  sumDim: [
    [() => m(2, 1, 2, 3, 4).sumDim([0]), [4, 6]],
    [() => m(2, 1, 2, 3, 4).sumDim(1), [3, 7]],
    [() => m(2, 1, 2, 3, 4).sumDim(null), [10]],
  ],
  mean: [[() => f(1, 2).mean(), [1.5]]],
  meanDim: [[() => m(2, 1, 2, 3, 4).meanDim([1], true), [1.5, 3.5]]],
  variance: [
    [() => f(1, 3).variance(), [2]],
    [() => f(1, 3).variance(false), [1]],
  ],
  varDim: [[() => m(2, 1, 3, 5, 5).varDim([1], false), [1, 0]]],
  prod: [[() => f(2, 3).prod(), [6]]],
  norm: [
    [() => f(3, -4).norm(), [5]],
    [() => f(3, -4).norm(1), [7]],
  ],
  linalgVectorNorm: [[() => m(2, 3, 4, 6, 8).linalgVectorNorm(2, [1]), [5, 10]]],
  max: [[() => f(1, 3, 2).max(), [3]]],
  maxDim: [
    [
      () => m(2, 1, 3, 5, 2).maxDim(1),
      [
        [3, 5],
        [1, 0],
      ],
    ],
  ],
  min: [[() => f(2, 1, 3).min(), [1]]],
  minDim: [
    [
      () => m(2, 1, 3, 5, 2).minDim(1),
      [
        [1, 2],
        [0, 1],
      ],
    ],
  ],
  amax: [[() => m(2, 1, 3, 5, 2).amax([0]), [5, 3]]],
  amin: [[() => m(2, 1, 3, 5, 2).amin([0]), [1, 2]]],
  argmax: [
    [() => f(1, 3, 2).argmax(), [1]],
    [() => m(2, 1, 3, 5, 2).argmax(1), [1, 0]],
  ],
  argmin: [[() => f(2, 1, 3).argmin(), [1]]],
  any: [[() => b(0, 1).any(), [1]]],
  all: [[() => b(0, 1).all(), [0]]],
  countNonzero: [[() => f(0, 2, 3).countNonzero(), [2]]],
  nonzero: [[() => f(0, 2, 3).nonzero(), [1, 2]]],
  sort: [
    [
      () => f(3, 1, 2).sort(),
      [
        [1, 2, 3],
        [1, 2, 0],
      ],
    ],
    [
      () => f(3, 1, 2).sort(0, true),
      [
        [3, 2, 1],
        [0, 2, 1],
      ],
    ],
  ],
  sortStable: [
    [
      () => f(1, 0, 1, 0).sortStable(true),
      [
        [0, 0, 1, 1],
        [1, 3, 0, 2],
      ],
    ],
  ],
  argsort: [[() => f(3, 1, 2).argsort(), [1, 2, 0]]],
  topk: [
    [
      () => f(3, 1, 2).topk(2),
      [
        [3, 2],
        [0, 2],
      ],
    ],
  ],
  kthvalue: [[() => f(3, 1, 2).kthvalue(2), [[2], [2]]]],
  cumsum: [[() => f(1, 2, 3).cumsum(0), [1, 3, 6]]],
  bincount: [
    [() => i(0, 2, 2).bincount(), [1, 0, 2]],
    [() => i(1).bincount(null, 3), [0, 1, 0]],
  ],
  searchsorted: [[() => ops.searchsorted(f(1, 3, 5), f(3, 4)), [1, 2]]],
  uniqueConsecutive: [
    [
      () => i(1, 1, 2).uniqueConsecutive(true, true),
      [
        [1, 2],
        [0, 0, 1],
        [2, 1],
      ],
    ],
  ],
  uniqueDim: [
    [
      () => m(3, 2, 2, 1, 1, 2, 2).uniqueDim(0, true, true, true),
      [
        [1, 1, 2, 2],
        [1, 0, 1],
        [1, 2],
      ],
    ],
  ],
  logsumexp: [[() => f(0, Math.log(3)).logsumexp([0]), [Math.log(4)]]],
  trace: [[() => m(2, 1, 2, 3, 4).trace(), [5]]],
  dot: [[() => f(1, 2).dot(f(3, 4)), [11]]],
  outer: [[() => f(1, 2).outer(f(3, 4)), [3, 4, 6, 8]]],
  reshape: [[() => f(1, 2, 3, 4).reshape([2, -1]).sumDim(0), [4, 6]]],
  view: [[() => f(1, 2, 3, 4).view([2, 2]).sumDim(0), [4, 6]]],
  flatten: [[() => image(1, 2, 3, 4).flatten(1), [1, 2, 3, 4]]],
  unsqueeze: [[() => f(1, 2).unsqueeze(1).sumDim(1), [1, 2]]],
  squeeze: [[() => m(1, 1, 2).squeeze(0).cumsum(0), [1, 3]]],
  expand: [[() => m(1, 1, 2).expand([2, 2]), [1, 2, 1, 2]]],
  permute: [[() => m(2, 1, 2, 3, 4).permute([1, 0]), [1, 3, 2, 4]]],
  transpose: [[() => m(2, 1, 2, 3, 4).transpose(0, 1), [1, 3, 2, 4]]],
  t: [[() => m(2, 1, 2, 3, 4).t(), [1, 3, 2, 4]]],
  narrow: [[() => f(1, 2, 3).narrow(0, 1, 2), [2, 3]]],
  select: [[() => m(2, 1, 2, 3, 4).select(1, 0), [1, 3]]],
  slice: [
    [() => f(1, 2, 3, 4).slice(0, 1, 3), [2, 3]],
    [() => f(1, 2, 3, 4).slice(0, null, null, 2), [1, 3]],
  ],
  flip: [[() => f(1, 2, 3).flip([0]), [3, 2, 1]]],
  roll: [[() => f(1, 2, 3).roll([1]), [3, 1, 2]]],
  diag: [
    [() => f(1, 2).diag(), [1, 0, 0, 2]],
    [() => m(2, 1, 2, 3, 4).diag(1), [2]],
  ],
  cat: [[() => ops.cat([f(1), f(2, 3)]), [1, 2, 3]]],
  stack: [[() => ops.stack([f(1, 2), f(3, 4)], 1), [1, 3, 2, 4]]],
  contiguous: [[() => m(2, 1, 2, 3, 4).t().contiguous(), [1, 3, 2, 4]]],
  detach: [[() => f(1).detach(), [1]]],
  clone: [[() => f(1).clone("contiguous"), [1]]],
  zerosLike: [[() => f(5, 5).zerosLike(), [0, 0]]],
  onesLike: [[() => f(5, 5).onesLike("int64"), [1, 1]]],
  emptyLike: [[() => f(5, 5).emptyLike().fill_(3), [3, 3]]],
  indexSelect: [[() => f(1, 2, 3).indexSelect(0, i(2, 0)), [3, 1]]],
  gather: [[() => m(2, 1, 2, 3, 4).gather(1, i(1, 0).reshape([2, 1])), [2, 3]]],
  take: [[() => m(2, 1, 2, 3, 4).take(i(3, 0)), [4, 1]]],
  binomial: [[() => ops.binomial(f(5, 7), f(0, 1), seeded()), [0, 7]]],
  matmul: [[() => m(1, 1, 2).matmul(f(3, 4)), [11]]],
  mm: [[() => m(1, 1, 2).mm(m(2, 3, 4, 5, 6)), [13, 16]]],
  mv: [[() => m(2, 1, 2, 3, 4).mv(f(1, 1)), [3, 7]]],
  addmm: [[() => f(1).addmm(m(1, 1, 2), m(2, 3, 4), 2, 10), [112]]],
  linalgCholesky: [[() => m(2, 4, 2, 2, 5).linalgCholesky(), [2, 0, 1, 2]]],
  choleskySolve: [[() => m(2, 8, 9).choleskySolve(m(2, 2, 0, 1, 2)), [1.375, 1.25]]],
  linalgSolveTriangular: [[() => m(2, 2, 0, 1, 2).linalgSolveTriangular(m(2, 2, 5), false), [1, 2]]],
  linalgEigvalsh: [[() => m(2, 2, 1, 1, 2).linalgEigvalsh(), [1, 3]]],
  linalgEigh: [
    [() => m(2, 3, 0, 0, 2).linalgEigh()[0], [2, 3]],
    [
      () =>
        m(2, 3, 0, 0, 2)
          .linalgEigh()
          .map((tensor) => tensor.abs()),
      [
        [2, 3],
        [0, 1, 1, 0],
      ],
    ],
  ],
  relu: [[() => f(-1, 2).relu(), [0, 2]]],
  softmax: [[() => f(0, Math.log(3)).softmax(0), [0.25, 0.75]]],
  logSoftmax: [[() => f(0, Math.log(3)).logSoftmax(0), [Math.log(0.25), Math.log(0.75)]]],
  linear: [[() => ops.linear(m(1, 1, 2), m(2, 1, 0, 0, 1), f(10, 20)), [11, 22]]],
  conv2d: [
    [() => ops.conv2d(image(1, 2, 3, 4), image(1, 0, 0, 10)), [41]],
    [() => ops.conv2d(image(1, 2, 3, 4), image(1, 0, 0, 10), f(0.5), 2, 1, 1, 1), [10.5, 0.5, 0.5, 4.5]],
  ],
  batchNorm: [
    [() => ops.batchNorm(m(2, 1, 2, 3, 6), f(1, 1), f(0, 1), null, null, true, 0.1, 0, false), [-1, 0, 1, 2]],
    [() => ops.batchNorm(m(1, 3, 8), null, null, f(1, 2), f(4, 9), false, 0.1, 0, false), [1, 2]],
  ],
  maxPool2d: [[() => ops.maxPool2d(image(1, 2, 3, 4), 2), [4]]],
  avgPool2d: [[() => ops.avgPool2d(image(1, 2, 3, 4), [2, 1]), [2, 3]]],
  adaptiveAvgPool2d: [[() => ops.adaptiveAvgPool2d(image(1, 2, 3, 4), 1), [2.5]]],
  constantPadNd: [[() => f(1, 2).constantPadNd([1, 2], 9), [9, 1, 2, 9, 9]]],
  crossEntropyLoss: [
    [() => ops.crossEntropyLoss(m(1, 0, Math.log(3)), i(1)), [-Math.log(0.75)]],
    [() => ops.crossEntropyLoss(m(2, 0, 0, 0, 0), i(1, 0), null, 2), [2 * Math.log(2)]],
    [() => ops.crossEntropyLoss(m(1, 0, Math.log(3)), i(1), null, 1, -100, 1), [-Math.log(0.25 * 0.75) / 2]],
  ],
  nllLoss: [[() => ops.nllLoss(m(1, -1, -2), i(1)), [2]]],
  klDiv: [[() => ops.klDiv(f(0.25, 0.75).log(), f(0.5, 0.5), 2), [0.5 * Math.log(2) + 0.5 * Math.log(2 / 3)]]],
  mseLoss: [[() => ops.mseLoss(f(1, 3), f(2, 5)), [2.5]]],
  cropFlip: [
    [
      () => ops.cropFlip(tensor(Uint8Array.of(0, 51, 102, 255)).reshape([1, 1, 2, 2]), i(0), i(0), i(0), b(1), 0),
      [Math.fround(51 / 255), 0, 1, Math.fround(102 / 255)],
    ],
  ],
  // A 2x2 window at both positions of a 2x3 image, the output's gradient 1 and 10.
  conv2dSampleGradients: [
    [
      () =>
        ops.conv2dSampleGradients(f(1, 2, 3, 4, 5, 6).view([1, 1, 2, 3]), f(1, 10).view([1, 1, 1, 2]), [2, 2], 1, 0, 1),
      [21, 32, 54, 65],
    ],
  ],
  conv2dSampleSquares: [
    [
      () => {
        const [input, gradients] = [f(1, 2, 3, 4, 5, 6).view([1, 1, 2, 3]), f(1, 10).view([1, 1, 1, 1, 2])];
        const found = ops.conv2dSampleSquares(
          input,
          gradients,
          f(0.5).view([1, 1]),
          f(1, 0, 0, 2).view([1, 1, 2, 2]),
          1,
          0,
          1,
        );
        return ops.cat(found.map((part) => part.flatten()));
      },
      [0.5 * 21 ** 2, 0.5 * 32 ** 2, 0.5 * 54 ** 2, 0.5 * 65 ** 2, 21 + 2 * 65, 11],
    ],
  ],
  im2col: [[() => ops.im2col(image(1, 2, 3, 4), [2, 2], 1, 0, 1), [1, 2, 3, 4]]],
  sparsePlan: [[() => ops.sparsePlan([1, 2, 2], [pointwise], [i(0)], [0]) instanceof NativeObject, true]],
  sparseHasKernels: [
    [() => ops.sparseHasKernels("scalar"), true],
    [() => ops.sparseHasKernels("abacus"), false],
  ],
  // One 1x1 convolution, weight 2, then 0.5 z - 2, the ReLU and the mean.
  sparseForward: [
    [
      () => {
        const plan = ops.sparsePlan([1, 2, 2], [pointwise], [i(0)], [0]);
        return ops.sparseForward(plan, image(1, 2, 3, 4), [f(2), f(0.5), f(-2)], [f(0), f(1)], false, 0.1);
      },
      [0.75],
    ],
  ],
};

const inPlace: Record<
  string,
  readonly (readonly [(x: Tensor) => Tensor, start: Tensor, expected: readonly number[]])[]
> = {
  add_: [
    [(x) => x.add_(f(3, 4), 2), f(1, 2), [7, 10]],
    [(x) => x.add_(1), f(1, 2), [2, 3]],
  ],
  sub_: [
    [(x) => x.sub_(f(3, 4)), f(1, 2), [-2, -2]],
    [(x) => x.sub_(1), f(1, 2), [0, 1]],
  ],
  mul_: [
    [(x) => x.mul_(f(3, 4)), f(1, 2), [3, 8]],
    [(x) => x.mul_(3), f(1, 2), [3, 6]],
  ],
  div_: [
    [(x) => x.div_(f(2, 4)), f(1, 2), [0.5, 0.5]],
    [(x) => x.div_(2), f(1, 2), [0.5, 1]],
  ],
  addcmul_: [[(x) => x.addcmul_(f(2), f(3), -1), f(1), [-5]]],
  addcdiv_: [[(x) => x.addcdiv_(f(6), f(3), 2), f(1), [5]]],
  lerp_: [
    [(x) => x.lerp_(f(10), 0.25), f(2), [4]],
    [(x) => x.lerp_(f(10), f(0.5)), f(2), [6]],
  ],
  abs_: [[(x) => x.abs_(), f(-1), [1]]],
  neg_: [[(x) => x.neg_(), f(-1), [1]]],
  sqrt_: [[(x) => x.sqrt_(), f(9), [3]]],
  clamp_: [[(x) => x.clamp_(0, 1), f(-1, 5), [0, 1]]],
  clampMin_: [[(x) => x.clampMin_(0), f(-1, 5), [0, 5]]],
  maskedFill_: [
    [(x) => x.maskedFill_(b(1, 0), 9), f(1, 2), [9, 2]],
    [(x) => x.maskedFill_(b(1, 0), f(9).reshape([])), f(1, 2), [9, 2]],
  ],
  indexCopy_: [[(x) => x.indexCopy_(0, i(1), f(9)), f(1, 2), [1, 9]]],
  indexAdd_: [[(x) => x.indexAdd_(0, i(1, 1), f(9, 1)), f(1, 2), [1, 12]]],
  indexFill_: [
    [(x) => x.indexFill_(0, i(1), 9), f(1, 2), [1, 9]],
    [(x) => x.indexFill_(0, i(1), f(9).reshape([])), f(1, 2), [1, 9]],
  ],
  scatter_: [[(x) => x.scatter_(0, i(1), f(9)), f(1, 2), [1, 9]]],
  scatterAdd_: [[(x) => x.scatterAdd_(0, i(1, 1), f(9, 1)), f(1, 2), [1, 12]]],
  copy_: [[(x) => x.copy_(f(7)), f(1, 2), [7, 7]]],
  fill_: [
    [(x) => x.fill_(7), f(1, 2), [7, 7]],
    [(x) => x.fill_(f(7).reshape([])), f(1, 2), [7, 7]],
  ],
  zero_: [[(x) => x.zero_(), f(1, 2), [0, 0]]],
  relu_: [[(x) => x.relu_(), f(-1, 2), [0, 2]]],
  normal_: [[(x) => x.normal_(3, 0, seeded()), f(1, 2), [3, 3]]],
  uniform_: [[(x) => x.uniform_(3, 3, seeded()), f(1, 2), [3, 3]]],
  bernoulli_: [
    [(x) => x.bernoulli_(1, seeded()), f(5, 2), [1, 1]],
    [(x) => x.bernoulli_(0, seeded()), f(5, 2), [0, 0]],
  ],
};

function expectClose(actual: readonly number[], expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length);
  for (const [at, value] of expected.entries()) expect(actual[at]).toBeCloseTo(value, 13);
}

describe("operators", () => {
  it.each(Object.entries(cases))("%s", (_, calls) => {
    for (const [call, expected] of calls) {
      const result = call();
      if (Array.isArray(result)) {
        const lists = expected as readonly number[][];
        expect(result.length).toBe(lists.length);
        for (const [at, part] of result.entries()) expectClose(part.toArray(), lists[at] ?? []);
      } else if (result instanceof Tensor) expectClose(result.toArray(), expected as readonly number[]);
      else expect(result).toBe(expected);
    }
  });

  it.each(Object.entries(inPlace))("%s changes its tensor and returns it", (_, calls) => {
    for (const [call, start, expected] of calls) {
      expect(call(start)).toBe(start);
      expectClose(start.toArray(), expected);
    }
  });

  it("each have a case here, and are methods where they have a self", () => {
    const wrappers = Object.keys(ops).filter((name) => typeof ops[name as keyof typeof ops] === "function");
    expect([...Object.keys(cases), ...Object.keys(inPlace)].sort()).toEqual(wrappers.sort());
    for (const name of Object.keys(inPlace)) expect(name in Tensor.prototype).toBe(true);
  });
});

describe("arguments", () => {
  it("keep the type of integers: whole numbers are integers", () => {
    expect(i(1).add(1).dtype).toBe("int64");
    expect(i(1).add(0.5).dtype).toBe("float32");
    expect(arange(0, 2).mul(-1).toArray()).toEqual([0, -1]);
  });

  it("may be left out where the schema has a default, in the middle too", () => {
    expect(zeros([2, 3]).sumDim([0]).shape).toEqual([3]);
    expect(zeros([2, 3]).sumDim([0], true).shape).toEqual([1, 3]);
    expect(i(1, 2).sumDim([0], undefined, "float64").dtype).toBe("float64");
    expect(zeros([3]).argmax(undefined, true).shape).toEqual([1]);
  });

  it("choose element type and memory format by name", () => {
    const x = zeros([1, 2, 2, 2]);
    expect(x.softmax(1, "float64").dtype).toBe("float64");
    const last = x.contiguous("channelsLast");
    expect(thrownBy(() => last.data()).message).toContain("only contiguous");
    expect(thrownBy(() => x.contiguous("last" as "preserve")).message).toContain("memory_format: expected an integer");
    expect(thrownBy(() => x.softmax(1, "float" as DType)).code).toBe("E_DTYPE");
  });

  it("name the operator, the argument and what came when they do not fit", () => {
    const x = zeros([2]);
    const wrong = (call: () => unknown): string => thrownBy(call).message;
    expect(wrong(() => x.add("1" as unknown as number))).toBe(
      'aten::add.Tensor(Tensor[2], "1", undefined): argument other: expected a Tensor',
    );
    expect(wrong(() => x.add(undefined as unknown as Tensor))).toContain("argument other: expected a value");
    expect(wrong(() => ops.cat(x as unknown as Tensor[]))).toContain("argument tensors: expected an array");
    expect(wrong(() => x.sumDim([NaN]))).toContain("argument dim: expected an integer, got nan");
    expect(wrong(() => x.sumDim([2 ** 60]))).toContain("argument dim: expected an integer, got 1152921504606846976");
    expect(wrong(() => x.sumDim([5]))).toContain("Dimension out of range");
    expect(wrong(() => x.sumDim([0], 1 as unknown as boolean))).toContain("keepdim: expected true or false");
    expect(wrong(() => x.add(zeros([3])))).toMatch(/^aten::add.Tensor\(Tensor\[2\], Tensor\[3\], undefined\): .*size/);
  });
});
