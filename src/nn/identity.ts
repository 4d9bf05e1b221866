/** Nothing at all, where a module is required. */
import type { Tensor } from "../torch/index.ts";
import { Module } from "./module.ts";

/** Returns its input. */
export class Identity extends Module {
  override forward(input: Tensor): Tensor {
    return input;
  }
}
