/** Checks of a whole network against a model fixture; the rules and the format are in the golden README, section models. */
import { expect } from "vitest";
import { crossEntropy } from "../../src/nn/index.ts";
import { createModel } from "../../src/models/index.ts";
import type { Model, ModelSpec } from "../../src/models/index.ts";
import { Generator, noGrad, scope, tensor } from "../../src/torch/index.ts";
import { relativeError } from "./compare.ts";
import { useExactConstants } from "./exact-constants.ts";
import { fillByRule, ruleInput } from "./weight-rules.ts";
import type { WeightRule } from "./weight-rules.ts";
import "./one-thread.ts";

export interface ModelFixture {
  readonly input: readonly number[];
  readonly N: number;
  readonly n_params: number;
  readonly state_dict_order: readonly string[];
  readonly parameters: readonly { readonly name: string; readonly shape: readonly number[] }[];
  readonly buffers: readonly { readonly name: string; readonly shape: readonly number[]; readonly dtype: string }[];
  readonly results: Readonly<Partial<Record<WeightRule, RuleResults>>>;
}

type Floating = "float32" | "float64";

interface RuleResults {
  readonly float64: Results;
  readonly float32?: Results;
  readonly recommended_tolerance: Readonly<Record<string, Readonly<Record<Floating, number | "do not compare">>>>;
}

interface Results {
  readonly logits_eval: number[][];
  readonly logits_train: number[][];
  readonly loss_train: number;
  readonly grad_l2: Readonly<Record<string, number>>;
  readonly grad_first4?: Readonly<Record<string, number[]>>;
  readonly running_after_train?: Readonly<Record<string, { readonly sum: number; readonly l2: number }>>;
  readonly total_grad_l2: number;
}

/** A model of that spec, whatever its weights. */
export function anyModel(spec: ModelSpec): Model {
  using generator = Generator.seeded(1);
  return createModel(spec, generator);
}

/** Names, order, shapes and types of parameters and buffers. */
export function expectSameLayout(model: Model, fixture: ModelFixture): void {
  expect([...model.stateDict().keys()]).toEqual(fixture.state_dict_order);
  const parameters = [...model.namedParameters()].map(([name, { shape }]) => ({ name, shape }));
  expect(parameters).toEqual(fixture.parameters.map(({ name, shape }) => ({ name, shape })));
  const buffers = [...model.namedBuffers()].map(([name, { shape, dtype }]) => ({ name, shape, dtype }));
  expect(buffers).toEqual(fixture.buffers);
  expect(model.parameters().reduce((sum, { numel }) => sum + numel, 0)).toBe(fixture.n_params);
}

export interface ResultChoice {
  readonly rule: WeightRule;
  readonly dtype: Floating;
  /** Training mode too: gradients and running statistics. */
  readonly train: boolean;
}

/** Fills the model by the rule and compares what the fixture holds, each to the tolerance that it recommends. */
export function expectSameResults(model: Model, fixture: ModelFixture, { rule, dtype, train }: ResultChoice): void {
  const results = fixture.results[rule];
  const expected = results?.[dtype];
  if (results === undefined || expected === undefined) throw new TypeError(`no results for ${rule} in ${dtype}`);
  model.to(dtype);
  if (dtype === "float64") useExactConstants(model);
  fillByRule(model, rule);
  const errors = {
    ...evalErrors(model, fixture, dtype, expected),
    ...(train ? trainErrors(model, fixture, dtype, expected) : {}),
  };
  for (const [name, error] of Object.entries(errors)) {
    const tolerance = results.recommended_tolerance[name]?.[dtype] ?? (dtype === "float64" ? 1e-9 : 1e-4);
    if (tolerance !== "do not compare") expect(error, `${name}, ${rule}, ${dtype}`).toBeLessThanOrEqual(tolerance);
  }
}

type Errors = Record<string, number>;

function evalErrors(model: Model, { N, input }: ModelFixture, dtype: Floating, expected: Results): Errors {
  return scope(() => {
    const logits = noGrad(() => model.eval().call(ruleInput([N, ...input], dtype)));
    return { logits_eval: relativeError(logits, expected.logits_eval) };
  });
}

function trainErrors(model: Model, { N, input }: ModelFixture, dtype: Floating, expected: Results): Errors {
  model.train().zeroGrad();
  return scope(() => {
    const logits = model.call(ruleInput([N, ...input], dtype));
    const labels = tensor(BigInt64Array.from({ length: N }, (_, i) => BigInt(i)));
    const loss = crossEntropy(logits, labels);
    loss.backward();
    return {
      logits_train: relativeError(logits, expected.logits_train),
      loss_train: relativeError(loss, expected.loss_train),
      ...gradientErrors(model, expected),
      ...runningErrors(model, expected),
    };
  });
}

function gradientErrors(model: Model, { grad_l2, grad_first4 = {}, total_grad_l2 }: Results): Errors {
  const norms: number[] = [];
  let worst = 0;
  for (const [name, parameter] of model.namedParameters()) {
    const gradient = parameter.grad;
    if (gradient === null) throw new TypeError(`no gradient of ${name}`);
    const norm = gradient.norm().item();
    norms.push(norm);
    const first = gradient.flatten().narrow(0, 0, 4).toArray();
    const differences = grad_first4[name]?.map((value, i) => Math.abs((first[i] ?? NaN) - value)) ?? [];
    worst = Math.max(worst, Math.abs(norm - (grad_l2[name] ?? NaN)), ...differences);
  }
  return {
    grad_l2_over_total: worst / total_grad_l2,
    total_grad_l2: relativeError(Math.hypot(...norms), total_grad_l2),
  };
}

function runningErrors(model: Model, { running_after_train = {} }: Results): Errors {
  const buffers = model.namedBuffers();
  const errors = Object.entries(running_after_train).map(([name, { sum, l2 }]) => {
    const values = buffers.get(name);
    if (values === undefined) throw new TypeError(`no buffer ${name}`);
    return Math.max(Math.abs(values.sum().item() - sum), Math.abs(values.norm().item() - l2)) / l2;
  });
  return { running_after_train: Math.max(0, ...errors) };
}
