/** What commands let the user choose by name. */
import { attacks } from "../data/poison/index.ts";
import { detectors } from "../detect/index.ts";
import { type Pruner, pruners } from "../prune/index.ts";
import { methods } from "../unlearn/index.ts";
import type { Choice, Choosable } from "./choice.ts";

export const methodChoice: Choice = { flag: "--method", kind: "method", all: () => methods };

export const detectorChoice: Choice = { flag: "--detector", kind: "detector", all: () => detectors };

/** Beside methods, which have options of the same names. */
export const cleanseDetectorChoice: Choice = {
  flag: "--detect",
  prefix: "detect",
  kind: "detector",
  all: () => detectors,
};

export const attackChoice: Choice = { flag: "--attack", all: () => attacks };

export const prunerChoice: Choice = {
  flag: "--pruner",
  kind: "pruner",
  all: () => pruners.map((pruner) => ({ ...pruner, options: prunerOptions(pruner) })),
};

function prunerOptions({ roundRate, source }: Pruner): Choosable["options"] {
  if (roundRate === undefined) return {};
  const description = "fraction of the remaining weights that each round removes, below 1";
  return { rate: { type: "number", default: roundRate, min: 0, aboveMin: true, description, source } };
}
