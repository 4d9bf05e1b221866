/** Every method on the setting of quick-cifar10, dense and pruned, with its defaults and presets but for what that scale asks for. */
import type { SuiteRow, SuiteSpec } from "../experiments/index.ts";
import { methods } from "../unlearn/index.ts";
import { quickCifar10 } from "./quick-cifar10.ts";

/** Rates and strengths that do something in a hundred steps: the published ones are for ten times as many, or for larger networks. */
const atThisScale: Readonly<Record<string, SuiteRow["options"]>> = {
  finetune: { epochs: 10, lr: 0.01 },
  "gradient-ascent": { epochs: 5, lr: 1e-3 },
  "l1-sparse": { epochs: 10, lr: 0.01, gamma: 5e-4 },
  "finetune-prune": { epochs: 10, lr: 0.01, sparsity: 0.95 },
  "boundary-shrink": { lr: 1e-3 },
  "boundary-expand": { lr: 1e-3 },
  scrub: { epochs: 5, maxEpochs: 3, lr: 5e-3 },
};

/** What a method cannot do. */
const wholeClassesOnly = new Set(["unsir"]);

export function methodsTable(): SuiteSpec {
  const quick = quickCifar10();
  return {
    ...quick,
    name: "All methods on quick CIFAR-10",
    scenarios: quick.scenarios.map((scenario) => ({
      ...scenario,
      rows: (["dense", "prune-first"] as const).flatMap((order) =>
        methods
          .map(({ name }) => name)
          .filter((name) => name !== "retrain")
          .filter((name) => scenario.request.kind === "class" || !wholeClassesOnly.has(name))
          .map((method) => ({ method, order, options: atThisScale[method] ?? {} })),
      ),
    })),
    notes: [
      ...quick.notes,
      "Methods have their published defaults and presets where no setting is given; they are not tuned to this scale, so that a row shows what a method does as it comes.",
    ],
  };
}
