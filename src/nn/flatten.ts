/** Joins dimensions. */
import type { Tensor } from "../torch/index.ts";
import { Module } from "./module.ts";

/** `[N, ...]` to `[N, product of the rest]`. */
export class Flatten extends Module {
  override forward(input: Tensor): Tensor {
    return input.flatten(1);
  }
}
