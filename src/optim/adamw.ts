/** AdamW: Adam with decoupled weight decay, as torch.optim.AdamW; formulas and source in adam.ts. */
import { Adam } from "./adam.ts";
import type { AdamOptions } from "./adam.ts";
import type { Optimizer, ParameterList } from "./optimizer.ts";

/** Weight decay 0.01 by default, PyTorch's. @throws CoppiceError E_ARG as `adam`. */
export function adamw(parameters: ParameterList, options: AdamOptions): Optimizer {
  return new Adam(parameters, { weightDecay: 0.01, ...options }, true);
}
