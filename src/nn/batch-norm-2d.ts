/** Batch normalisation of image features. */
import { batchNorm, ones, zeros } from "../torch/index.ts";
import type { Tensor } from "../torch/index.ts";
import { expectInteger, expectPositive, expectRange } from "../util/assert.ts";
import { CoppiceError } from "../util/errors.ts";
import { Module } from "./module.ts";

export interface BatchNorm2dOptions {
  /** Added to the variance before the root; default 1e-5. */
  readonly eps?: number;
  /** Weight of the new batch in the running statistics, 0 to 1; default 0.1. */
  readonly momentum?: number;
}

/**
 * y = (x - mean) / sqrt(var + eps) · weight + bias per channel, over batch and space, as torch.nn.BatchNorm2d.
 *
 * In training the batch's own (biased) mean and variance are used, and the running statistics move towards the batch's
 * mean and unbiased variance; in evaluation the running statistics are used.
 * Parameters `weight`, `bias`; buffers `running_mean`, `running_var` (all [C]) and `num_batches_tracked` (int64 scalar).
 */
export class BatchNorm2d extends Module {
  readonly eps: number;
  readonly momentum: number;

  constructor(channels: number, options: BatchNorm2dOptions = {}) {
    super();
    const { eps = 1e-5, momentum = 0.1 } = options;
    expectInteger("BatchNorm2d.channels", channels, { min: 1 });
    expectPositive("BatchNorm2d.eps", eps);
    expectRange("BatchNorm2d.momentum", momentum, 0, 1);
    this.eps = eps;
    this.momentum = momentum;
    this.registerParameter("weight", ones([channels]));
    this.registerParameter("bias", zeros([channels]));
    this.registerBuffer("running_mean", zeros([channels]));
    this.registerBuffer("running_var", ones([channels]));
    this.registerBuffer("num_batches_tracked", zeros([], { dtype: "int64" }));
  }

  get weight(): Tensor {
    return this.parameter("weight");
  }

  get bias(): Tensor {
    return this.parameter("bias");
  }

  get runningMean(): Tensor {
    return this.buffer("running_mean");
  }

  get runningVar(): Tensor {
    return this.buffer("running_var");
  }

  /** One more batch has moved the running statistics: for whoever moves them otherwise than by `forward`. */
  countBatch(): void {
    this.buffer("num_batches_tracked").add_(1);
  }

  /** @throws CoppiceError E_SHAPE in training on one value per channel, which has no variance. */
  override forward(input_NCHW: Tensor): Tensor {
    if (this.training) {
      checkBatch(input_NCHW.shape);
      this.countBatch();
    }
    const { weight, bias, runningMean, runningVar, training, momentum, eps } = this;
    return batchNorm(input_NCHW, weight, bias, runningMean, runningVar, training, momentum, eps, true);
  }
}

function checkBatch(shape: readonly number[]): void {
  const values = shape.reduce((product, size, i) => (i === 1 ? product : product * size), 1);
  if (values > 1) return;
  const got = `[${shape.join(", ")}]`;
  throw new CoppiceError("E_SHAPE", `BatchNorm2d: expected more than one value per channel in training, got ${got}`, {
    hint: "train on more images at once (--batch-size), or on larger ones",
  });
}
