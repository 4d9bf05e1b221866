/** Every method of the registry against the reference implementation's numbers, weight by weight. */
import { describe, expect, it } from "vitest";
import { methodNamed, type OptionValue } from "../../../src/unlearn/index.ts";
import { crossEntropy } from "../../../src/nn/index.ts";
import { constant, sgd } from "../../../src/optim/index.ts";
import { type FitOptions, sharpnessAware } from "../../../src/train/index.ts";
import { LayerTrace } from "../../../src/unlearn/tools/layer-gradients.ts";
import { zerosLikeParameters } from "../../../src/unlearn/tools/parameters.ts";
import { relativeError } from "../../support/compare.ts";
import { readGoldenJson } from "../../support/golden.ts";
import { readGoldenTraining } from "../../support/golden-training.ts";
import { readGoldenState, type TinyDType } from "../../support/tiny-net.ts";
import { expectState, expectTensors, maskAmong, tinyContext } from "../../support/tiny-unlearning.ts";

interface Case {
  readonly fixture: string;
  readonly method: string;
  /** Beside those of the training, which are in the fixture. */
  readonly options: (settings: Readonly<Record<string, number>>) => Readonly<Record<string, OptionValue>>;
  readonly masked?: boolean;
}

const l1 =
  (schedule: "decay" | "constant"): Case["options"] =>
  ({ alpha = NaN, no_l1_epochs = 0 }) => ({
    ...{ gamma: alpha, solver: "subgradient", schedule },
    // There, as many epochs without a decay as there are epochs mean a constant strength.
    tailEpochs: schedule === "constant" ? 0 : no_l1_epochs,
  });
const ascent: Case["options"] = ({ alpha = 0 }) => ({ gamma: alpha });
const plain: Case["options"] = () => ({ sam: 0 });
const cases: readonly Case[] = [
  { fixture: "FT", method: "finetune", options: () => ({}) },
  { fixture: "FT_masked", method: "finetune", options: () => ({}), masked: true },
  { fixture: "GA", method: "gradient-ascent", options: ascent },
  { fixture: "GA_masked", method: "gradient-ascent", options: ascent, masked: true },
  { fixture: "GA_l1", method: "gradient-ascent", options: ascent },
  { fixture: "FT_l1", method: "l1-sparse", options: l1("decay") },
  { fixture: "FT_l1_masked", method: "l1-sparse", options: l1("decay"), masked: true },
  { fixture: "FT_l1_tail", method: "l1-sparse", options: l1("decay") },
  { fixture: "FT_l1_const", method: "l1-sparse", options: l1("constant") },
  { fixture: "retrain", method: "retrain", options: plain },
  { fixture: "retrain_masked", method: "retrain", options: plain, masked: true },
];

interface Trajectory {
  readonly lr_per_step: readonly number[];
}

interface SharpTrajectory {
  readonly settings: { readonly lr: number };
  /** Two a step. */
  readonly cross_entropy_per_call: readonly number[];
  readonly recommended_tolerance_step1: Record<TinyDType, number>;
}

describe("training as the reference trains", () => {
  it.each([
    ["FT_decay_lr", undefined],
    ["FT_warmup", undefined],
    ["retrain_ls", 0.1],
  ] as const)("ends where %s ends, with the rates of its steps", async (fixture, labelSmoothing) => {
    const { start, batchSize, training, tolerance } = readGoldenTraining(`unlearn/${fixture}.json`);
    const { lr_per_step } = readGoldenJson<Trajectory>(`unlearn/${fixture}.json`);
    const { model, trainer, retain } = tinyContext({ start, batchSize });
    const optimizer = sgd(model.namedParameters(), training);
    await trainer.fit(retain, {
      epochs: training.epochs,
      optimizer,
      schedule: (epoch, step, steps) => lr_per_step[epoch * steps + step] ?? NaN,
      ...(labelSmoothing === undefined
        ? {}
        : { loss: ({ logits_NK, labels_N }) => crossEntropy(logits_NK, labels_N, { labelSmoothing }) }),
    });
    expectState(model, readGoldenState(`unlearn/${fixture}.f64.safetensors`, "final/"), tolerance.float64);
  });

  it.each(["float64", "float32"] as const)("ends where retrain_sam ends, loss by loss, in %s", async (dtype) => {
    const { start, batchSize, training, tolerance } = readGoldenTraining("unlearn/retrain_sam.json");
    const fixture = readGoldenJson<SharpTrajectory>("unlearn/retrain_sam.json");
    const { cross_entropy_per_call, recommended_tolerance_step1 } = fixture;
    // There, this optimiser takes the rate of the original training.
    const { lr } = fixture.settings;
    const file = `unlearn/retrain_sam.${dtype === "float64" ? "f64" : "f32"}.safetensors`;
    const { model, trainer, retain } = tinyContext({ dtype, start, batchSize });
    const losses: number[] = [];
    // As there: what is known of earlier steps is forgotten with each epoch.
    for (let epoch = 0; epoch < training.epochs; epoch++) {
      const how: FitOptions = {
        epochs: 1,
        optimizer: sgd(model.namedParameters(), { ...training, lr }),
        schedule: constant({ lr }),
        loss: ({ logits_NK, labels_N }) => {
          const loss = crossEntropy(logits_NK, labels_N);
          losses.push(loss.item());
          return loss;
        },
        afterStep: ({ step }) => {
          if (epoch > 0 || step > 0) return;
          expectState(model, readGoldenState(file, "step1/"), recommended_tolerance_step1[dtype]);
        },
      };
      await trainer.fit(retain, sharpnessAware(trainer, how, { rho: 2, adaptive: true }));
    }
    expect(relativeError(losses, cross_entropy_per_call)).toBeLessThanOrEqual(tolerance[dtype]);
    expectState(model, readGoldenState(file, "final/"), tolerance[dtype]);
  });

  it("has the squares of single images' gradients that the older Fisher noise is made of", async () => {
    const { model, trainer, retain } = tinyContext();
    const squares = zerosLikeParameters(model);
    model.eval();
    await trainer.pass(retain, "squares", 32, ({ images, labels }) => {
      using trace = new LayerTrace(model, images);
      const losses_N = crossEntropy(trace.logits_NK, labels, { reduction: "none" });
      // Of the logarithm of the probability, and with a quirk: 1e-8 is added before squaring.
      trace.each(losses_N.neg(), (name, gradient) => {
        squares.get(name)?.add_(gradient.add(1e-8).square().sumDim([0]));
      });
    });
    for (const sum of squares.values()) sum.div_(retain.count);
    expectTensors(squares, readGoldenState("unlearn/fisher_old.f64.safetensors", "F/"), 1e-9);
  });
});

describe("unlearning methods", () => {
  for (const { fixture, method, options, masked = false } of cases) {
    it.each(["float64", "float32"] as const)(`${fixture} ends where the reference ends, in %s`, async (dtype) => {
      const { start, batchSize, training, settings, tolerance } = readGoldenTraining(`unlearn/${fixture}.json`);
      const bits = dtype === "float64" ? "f64" : "f32";
      const expected = readGoldenState(`unlearn/${fixture}.${bits}.safetensors`, "final/");
      const { epochs, lr } = training;
      const mask = masked ? maskAmong(expected) : null;
      const context = tinyContext({ dtype, start, batchSize, mask, epochs, lr });
      await methodNamed(method).run(context, { ...training, ...options(settings) });
      const state = context.model.stateDict();
      for (const [name, value] of expected) {
        if (name.endsWith("_mask")) continue;
        const original = name.replace(/_orig$/, "");
        // the reference lets masked weights drift out of sight: what counts is weight x mask
        const wanted = name.endsWith("_orig") ? value.mul(expected.get(`${original}_mask`)?.to(dtype) ?? 1) : value;
        const ours = state.get(original);
        expect(ours, name).toBeDefined();
        if (ours !== undefined)
          expect(relativeError(ours.detach(), wanted), `${fixture} ${name}`).toBeLessThanOrEqual(tolerance[dtype]);
      }
    });
  }
});
