/** Strict comparison of a state dict with the module that shall take it. */
import type { Tensor } from "../torch/index.ts";
import { CoppiceError } from "../util/errors.ts";
import { isFloating } from "./convert.ts";

/**
 * `given` must hold exactly the entries of `own`, each with its shape; a floating-point entry takes any floating-point
 * type and an integer entry any integer type, since loading keeps the module's own type.
 * @throws CoppiceError E_CHECKPOINT listing every entry that is missing, unexpected or does not fit.
 */
export function checkStateDict(
  where: string,
  own: ReadonlyMap<string, Tensor>,
  given: ReadonlyMap<string, Tensor>,
): void {
  const missing = [...own.keys()].filter((name) => !given.has(name));
  const unexpected = [...given.keys()].filter((name) => !own.has(name));
  const unfitting = [...own].flatMap(([name, tensor]) => {
    const problem = misfit(tensor, given.get(name));
    return problem === undefined ? [] : [`${name}: ${problem}`];
  });
  const problems = [
    ...section("missing", missing),
    ...section("unexpected", unexpected),
    ...section("of another shape or type", unfitting),
  ];
  if (problems.length === 0) return;
  throw new CoppiceError(
    "E_CHECKPOINT",
    `${where}.loadStateDict: expected exactly the model's ${own.size} entries, got ${problems.join("\n")}`,
    { hint: "the weights belong to another architecture, number of classes or input size" },
  );
}

function misfit(own: Tensor, given: Tensor | undefined): string | undefined {
  if (given === undefined) return undefined;
  const sameShape = own.shape.length === given.shape.length && own.shape.every((n, i) => n === given.shape[i]);
  if (!sameShape) return `expected [${own.shape.join(", ")}], got [${given.shape.join(", ")}]`;
  if (isFloating(own.dtype) !== isFloating(given.dtype)) return `expected ${own.dtype}, got ${given.dtype}`;
  return undefined;
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`${lines.length} ${title}:\n  ${lines.join("\n  ")}`];
}
