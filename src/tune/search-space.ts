/**
 * What is searched: ranges and choices of a method's options, and trials drawn from them.
 *
 * Source     independent draws rather than a grid: Bergstra and Bengio, JMLR 13, 2012
 */
import type { TuneDimension } from "../record/index.ts";
import type { RandomState } from "../util/random-state.ts";
import {
  type Method,
  type DescribedOption,
  type OptionValue,
  type OptionValues,
  resolveOptions,
} from "../unlearn/index.ts";
import { didYouMean } from "../util/assert.ts";
import { CoppiceError } from "../util/errors.ts";
import { randomStateFor } from "../util/seed.ts";
import { shown } from "../util/shown.ts";

type SearchedMethod = Pick<Method, "name" | "options">;

/** Of the defaults that the default space is laid around: their thirtieth to thirtyfold. */
const spread = 30;
/** Options that a method takes over from the original's training: not searched by default. */
const shared: ReadonlySet<string> = new Set(["momentum", "weightDecay"]);
/** Of drawn numbers, so that the command that is printed is the trial. */
const digits = 3;

/**
 * `lr=1e-3:1e-1:log,epochs=1:10,schedule=decay|constant`: ranges, linear unless `log` is said, and choices.
 * @throws CoppiceError E_ARG for an option the method does not have, a range that is reversed or beyond what the option allows
 */
export function parseSearch(text: string, method: SearchedMethod): TuneDimension[] {
  const space = text.split(",").map((part) => parseDimension(part.trim(), method));
  const names = space.map(({ option }) => option);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice === undefined) return space;
  throw new CoppiceError("E_ARG", `search: expected every option once, got ${twice} twice`);
}

function parseDimension(part: string, method: SearchedMethod): TuneDimension {
  const [name = "", values = "", ...rest] = part.split("=");
  if (name === "" || values === "" || rest.length > 0) {
    throw new CoppiceError("E_ARG", `search: expected OPTION=LOW:HIGH[:log] or OPTION=A|B, got ${shown(part)}`, {
      hint: "for example lr=1e-3:1e-1:log,schedule=decay|constant",
    });
  }
  const option = name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const spec = specOf(option, method);
  if (!values.includes(":")) {
    const choices = values.split("|").map((value) => (spec.type === "choice" ? value : Number(value)));
    for (const choice of choices) checkValue(option, choice, method);
    return { option, scale: "choice", choices };
  }
  if (spec.type === "choice") {
    throw new CoppiceError(
      "E_ARG",
      `search ${option}: expected choices among ${spec.choices.join("|")}, got ${values}`,
    );
  }
  return rangeOf(option, values, method);
}

function rangeOf(option: string, text: string, method: SearchedMethod): TuneDimension {
  const [low = NaN, high = NaN] = text.split(":").slice(0, 2).map(Number);
  const [scale = "linear", ...rest] = text.split(":").slice(2);
  if ((scale !== "linear" && scale !== "log") || rest.length > 0) {
    throw new CoppiceError(
      "E_ARG",
      `search ${option}: expected LOW:HIGH, LOW:HIGH:linear or LOW:HIGH:log, got ${text}`,
    );
  }
  if (!(low < high)) {
    throw new CoppiceError("E_ARG", `search ${option}: expected the lower end before the higher one, got ${text}`);
  }
  if (scale === "log" && !(low > 0)) {
    throw new CoppiceError("E_ARG", `search ${option}: expected a range above 0 for log, got ${text}`);
  }
  for (const end of [low, high]) checkValue(option, end, method);
  return { option, scale, low, high };
}

/**
 * Around the values that hold without a search: of every option that is a positive number without an upper bound its thirtieth to its
 * thirtyfold, drawn on a logarithmic scale. Whole numbers, shares and choices stay, as do momentum and weight decay.
 * @param values all of the method's options
 * @param fixed what the user has given, and is not searched
 * @throws CoppiceError E_ARG when that leaves nothing
 */
export function defaultSpace(method: SearchedMethod, values: OptionValues, fixed: OptionValues): TuneDimension[] {
  const space = Object.entries(method.options).flatMap(([option, spec]): TuneDimension[] => {
    const value = values[option];
    if (spec.type !== "number" || spec.max !== undefined || shared.has(option) || option in fixed) return [];
    if (typeof value !== "number" || value <= 0) return [];
    return [{ option, scale: "log", low: rounded(value / spread), high: rounded(value * spread) }];
  });
  if (space.length > 0) return space;
  throw new CoppiceError(
    "E_ARG",
    `${method.name}: expected something to search, got no option that a default range fits`,
    {
      hint: `give ranges with --search, of ${Object.keys(method.options).join(", ")}`,
    },
  );
}

/** The options of trial `index`, from 1: the same for the same seed, space and index, however many trials there are. */
export function drawTrial(
  space: readonly TuneDimension[],
  method: SearchedMethod,
  seed: number,
  index: number,
): OptionValues {
  const random = randomStateFor(seed, `trial ${index}`);
  return Object.fromEntries(
    space.map((dimension) => [dimension.option, drawn(dimension, specOf(dimension.option, method), random)]),
  );
}

function drawn(dimension: TuneDimension, spec: DescribedOption, random: RandomState): OptionValue {
  const u = random.randomSample();
  if (dimension.scale === "choice") return dimension.choices[Math.floor(u * dimension.choices.length)] ?? "";
  const { low, high, scale } = dimension;
  const clip = (value: number): number => Math.min(high, Math.max(low, value));
  // Every whole number has the same chance on the linear scale, the two at the ends included.
  if (spec.type === "integer") {
    const whole = scale === "log" ? Math.round(low * (high / low) ** u) : Math.floor(low + u * (high - low + 1));
    return clip(whole);
  }
  return clip(rounded(scale === "log" ? low * (high / low) ** u : low + u * (high - low)));
}

function rounded(value: number): number {
  return Number(value.toPrecision(digits));
}

function specOf(option: string, { name, options }: SearchedMethod): DescribedOption {
  const spec = options[option];
  if (spec !== undefined) return spec;
  const names = Object.keys(options);
  throw new CoppiceError("E_ARG", `search: expected an option of ${name} (${names.join(", ")}), got ${option}`, {
    hint: didYouMean(option, names) ?? "`coppice methods NAME` shows the options of a method",
  });
}

function checkValue(option: string, value: OptionValue, { options }: SearchedMethod): void {
  const spec = options[option];
  if (spec !== undefined) resolveOptions("search", { [option]: spec }, { [option]: value }, {});
}
