/**
 * A grid of cleanses, which the command line has in its recipes alone, at sizes of hours: through the program's own modules.
 * Called with the program's root as a URL, and the folder to write.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { options, train } from "./grid.mjs";

const [, , root, out] = process.argv;
const load = (file) => import(new URL(`dist/${file}`, root).href);
const experiments = await load("experiments/index.js");
// Before the rooms were rebuilt one folder held both, under other names.
const isEarlier = "runCleansing" in experiments;
const run = isEarlier ? experiments.runCleansing : experiments.runBackdoorExperiment;
const { quietContext } = isEarlier ? experiments : await load("stages/index.js");

const spec = {
  name: "figure6",
  title: "Cleanses whose numbers must not move",
  preset: "quick",
  train: { ...train, split: { mode: "standard", validationFraction: 0.1 } },
  attacks: ["badnets", "sig"],
  ratio: 0.1,
  target: 0,
  sparsities: [0, 0.95],
  searches: [{ method: "l1-sparse", candidates: [1e-4, 1e-2].map((gamma) => ({ ...options, gamma })), tolerance: 0.2 }],
  ways: [
    { label: "FT", method: "finetune", options },
    { label: "l1-sparse", method: "l1-sparse", options: {} },
    { label: "half known", method: "finetune", options, suspects: { known: 0.5, mixed: 0.5 } },
    { label: "CLP", method: "clp", options: { u: 1 } },
  ],
  seeds: [1, 2],
  notes: [],
};

mkdirSync(out, { recursive: true });
const record = await run(spec, { store: join(out, "jobs") }, quietContext());
writeFileSync(
  join(out, isEarlier ? "cleansing.json" : "backdoor-experiment.json"),
  `${JSON.stringify(record, null, 2)}\n`,
);
