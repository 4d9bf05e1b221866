/**
 * Settings that somebody found for a data set, architecture, scenario, method and sparsity, each with its source. They go before a method's
 * defaults and behind what the user gives. Where nobody is known to have found a number there is none here, and the default holds.
 *
 * Sources    OPTML-Group/Unlearn-Sparse@80ba55d, its README and issues 5 and 8; OPTML-Group/Unlearn-Saliency, issues 7, 8 and 11;
 *            Wu and Harandi, ECCV 2024, arXiv:2401.06187 (Scissorhands)
 */
import type { OptionValue } from "../util/described-options.ts";

/** What a preset is for; absent: any. */
export interface PresetCase {
  readonly data: string;
  readonly arch: string;
  /** Whole classes, or images of any class. */
  readonly scenario: "class" | "random";
  /** Of the original. */
  readonly sparsity: "dense" | "pruned";
}

export interface Preset {
  readonly method: string;
  readonly when: Partial<PresetCase>;
  readonly values: Readonly<Record<string, OptionValue>>;
  /** Options that the user must have given these values: the numbers were found beside them. */
  readonly with?: Readonly<Record<string, OptionValue>>;
  readonly source: string;
}

/** A preset value in use. */
export interface PresetValue {
  readonly option: string;
  readonly value: OptionValue;
  readonly source: string;
}

const scissorhands = "Wu and Harandi, ECCV 2024 (Scissorhands), their IU baseline";
const issue8 = "OPTML-Group/Unlearn-Sparse issue 8: the rate that reproduces the paper's random rows";
const salunIssue8 = "an author in OPTML-Group/Unlearn-Saliency issue 8: 5e-4 or 1e-3 for random forgetting";

export const presets: readonly Preset[] = [
  { method: "finetune", when: { data: "cifar10", scenario: "random" }, values: { lr: 0.04 }, source: issue8 },
  {
    method: "gradient-ascent",
    when: { scenario: "random" },
    values: { lr: 1e-3 },
    source: salunIssue8,
  },
  {
    method: "gradient-ascent",
    when: { data: "cifar10", arch: "resnet18", scenario: "class" },
    values: { lr: 1e-4 },
    source: "an author in OPTML-Group/Unlearn-Sparse issue 5: 1e-4 is for this case alone, search otherwise",
  },
  {
    method: "fisher",
    when: { data: "cifar10", arch: "resnet18" },
    values: { alpha: 3e-8 },
    source: "the authors' own runs (reference branch of January 2023), searched from 2e-8 to 3e-8",
  },
  {
    method: "influence",
    when: { data: "cifar10", scenario: "class" },
    values: { alpha: 1 },
    with: { variant: "reference" },
    source: "the authors' own runs (reference branch of January 2023)",
  },
  {
    method: "influence",
    when: { data: "cifar10", scenario: "random" },
    values: { alpha: 10 },
    with: { variant: "reference" },
    source: scissorhands,
  },
  {
    method: "ssd",
    when: { data: "cifar10", scenario: "class" },
    values: { alpha: 5 },
    source:
      "this project: with a class in ten nothing can be more than ten times as important to it as to all; half of that bound",
  },
];

/**
 * The values of all presets for the case, the more particular one where two have the same option. What the user gives is left out.
 * @param given the user's own options
 */
export function presetValues(
  method: string,
  { data, arch, scenario, sparsity }: PresetCase,
  given: Readonly<Record<string, OptionValue | undefined>>,
): PresetValue[] {
  const found: Readonly<Record<string, string>> = { data, arch, scenario, sparsity };
  const fitting = presets
    .filter((preset) => preset.method === method)
    .filter(({ when }) => Object.entries(when).every(([name, value]) => found[name] === value))
    .filter((preset) => Object.entries(preset.with ?? {}).every(([name, value]) => given[name] === value))
    .toSorted((a, b) => Object.keys(a.when).length - Object.keys(b.when).length);
  const values = new Map<string, PresetValue>();
  for (const { values: own, source } of fitting) {
    for (const [option, value] of Object.entries(own)) {
      if (given[option] === undefined) values.set(option, { option, value, source });
    }
  }
  return [...values.values()];
}
