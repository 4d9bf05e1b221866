/**
 * BadNets as BackdoorBench has it: a white square in the lower right corner.
 *
 *   x[c, h, w] ← 255   for h, w in [-s, 0)
 *
 * Symbols    s side of the square
 * Source     Gu, Dolan-Gavitt and Garg, "BadNets", 2017, arXiv:1708.06733
 * Reference  SCLBD/BackdoorBench config/attack/badnet/default.yaml and its 3x3 trigger image
 * Differs    the square is drawn, not read from an image, so that it also fits images that are not 32x32
 */
import { defineAttack } from "./attack.ts";
import { checkSquare, type SquareOptions, squareTrigger } from "./square.ts";

const source = "BackdoorBench config/attack/badnet/default.yaml";

export const badnetsBench = defineAttack<SquareOptions>({
  name: "badnets-bench",
  title: "BadNets (BackdoorBench)",
  description: "a white square in the lower right corner, as in BackdoorBench",
  source: "Gu et al. 2017, arXiv:1708.06733; BackdoorBench",
  options: {
    size: { type: "integer", default: 3, min: 1, max: 65_535, description: "side of the square in pixels", source },
    margin: {
      type: "integer",
      default: 0,
      min: 0,
      max: 65_535,
      description: "pixels between the square and the lower and right border",
      source,
    },
    value: {
      type: "integer",
      default: 255,
      min: 0,
      max: 255,
      description: "grey value of the square, 0 black to 255 white",
      source,
    },
  },
  check: (options, shape) => checkSquare("badnets-bench", options, shape),
  trigger: ({ options, shape }) => squareTrigger(options, shape),
});
