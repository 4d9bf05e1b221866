/** Rectified linear unit. */
import type { Tensor } from "../torch/index.ts";
import { Module } from "./module.ts";

export interface ReLUOptions {
  /** Overwrite the input, which saves its memory; only where nothing else reads it. Default false. */
  readonly inPlace?: boolean;
}

/** max(x, 0), element by element. */
export class ReLU extends Module {
  readonly inPlace: boolean;

  constructor({ inPlace = false }: ReLUOptions = {}) {
    super();
    this.inPlace = inPlace;
  }

  override forward(input: Tensor): Tensor {
    return this.inPlace ? input.relu_() : input.relu();
  }
}
