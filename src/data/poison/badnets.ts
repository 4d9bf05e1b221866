/**
 * BadNets as the paper's reference implementation has it: a black square, two pixels from the lower right corner.
 *
 *   x[c, h, w] ← 0   for h, w in [-2 - s, -2)
 *
 * Symbols    s side of the square
 * Source     Gu, Dolan-Gavitt and Garg, "BadNets", 2017, arXiv:1708.06733
 * Reference  OPTML-Group/Unlearn-Sparse@80ba55d utils.py, main_backdoor.py: trigger_size 4, rows and columns 26 to 29 of 32
 * Differs    no known difference
 */
import { defineAttack } from "./attack.ts";
import { checkSquare, type SquareOptions, squareTrigger } from "./square.ts";

const source = "reference implementation: utils.py, trigger_size 4";

export const badnets = defineAttack<SquareOptions>({
  name: "badnets",
  title: "BadNets",
  description: "a black square two pixels from the lower right corner, as in the reference implementation",
  source: "Gu et al. 2017, arXiv:1708.06733; OPTML-Group/Unlearn-Sparse",
  options: {
    size: { type: "integer", default: 4, min: 1, max: 65_535, description: "side of the square in pixels", source },
    margin: {
      type: "integer",
      default: 2,
      min: 0,
      max: 65_535,
      description: "pixels between the square and the lower and right border",
      source,
    },
    value: {
      type: "integer",
      default: 0,
      min: 0,
      max: 255,
      description: "grey value of the square, 0 black to 255 white",
      source,
    },
  },
  check: (options, shape) => checkSquare("badnets", options, shape),
  trigger: ({ options, shape }) => squareTrigger(options, shape),
});
