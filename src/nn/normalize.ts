/** Normalisation of the input image, as a layer inside the model. */
import { tensor } from "../torch/index.ts";
import type { Tensor } from "../torch/index.ts";
import { expectFinite, expectPositive } from "../util/assert.ts";
import { CoppiceError } from "../util/errors.ts";
import { Module } from "./module.ts";

export interface NormalizeOptions {
  /** Mean of each channel of images in [0, 1]. */
  readonly mean: readonly number[];
  /** Standard deviation of each channel, > 0. */
  readonly std: readonly number[];
}

/**
 * (x - mean) / std per channel of `[N, C, H, W]`. Buffers `mean` and `std` [C], so a model carries the
 * constants it was trained with and takes plain images in [0, 1].
 */
export class Normalize extends Module {
  constructor({ mean, std }: NormalizeOptions) {
    super();
    if (mean.length === 0 || mean.length !== std.length) {
      const got = `${mean.length} means and ${std.length} deviations`;
      throw new CoppiceError("E_ARG", `Normalize: expected one mean and one deviation per channel, got ${got}`);
    }
    for (const value of mean) expectFinite("Normalize.mean", value);
    for (const value of std) expectPositive("Normalize.std", value);
    this.registerBuffer("mean", tensor(mean));
    this.registerBuffer("std", tensor(std));
  }

  /** @throws CoppiceError E_SHAPE for another number of channels, E_DTYPE for another dtype (bytes are not scaled here). */
  override forward(input_NCHW: Tensor): Tensor {
    const mean_C = this.buffer("mean");
    const channels = mean_C.numel;
    const { shape, dtype } = input_NCHW;
    if (shape.length !== 4 || shape[1] !== channels) {
      throw new CoppiceError("E_SHAPE", `Normalize: expected [N, ${channels}, H, W], got [${shape.join(", ")}]`);
    }
    if (dtype !== mean_C.dtype) throw new CoppiceError("E_DTYPE", `Normalize: expected ${mean_C.dtype}, got ${dtype}`);
    const perChannel = [1, channels, 1, 1];
    return input_NCHW.sub(mean_C.view(perChannel)).div_(this.buffer("std").view(perChannel));
  }
}
