/** A search made up for tests: trial 2 of l1-sparse is the best, trial 3 failed, trial 1 was cut after one epoch. */
import type { TuneRecord, TuneTrial } from "../../../../src/record/index.ts";
import { environment, hash } from "../made-up-records.ts";

const scores = (forget: number): TuneRecord["original"]["scores"] => ({
  forget,
  neverSeenForget: 0.8,
  neverSeen: 0.82,
  withheld: 0.84,
  forgetOut: 0.2,
  neverSeenOut: 0.6,
});

const objective = (value: number): TuneRecord["original"]["objective"] => ({
  forgetting: value,
  membership: value,
  retained: value,
  generalisation: value,
  value,
});

function trial(number: number, value: number, rest: Partial<TuneTrial> = {}): TuneTrial {
  const options = number === 0 ? {} : { lr: 0.01 * number, schedule: "decay" };
  const found = { scores: scores(1 - value), objective: objective(value) };
  return { trial: number, options, rung: 1, full: true, epochs: 3, ...found, seconds: 12, ...rest };
}

export const madeUpTune: TuneRecord = {
  format: "coppice-tune",
  version: 1,
  createdAt: "2026-11-26T12:00:00.000Z",
  command: ["coppice", "tune", "--model", "runs/original", "--class", "3", "--out", "runs/tuned"],
  code: hash("code"),
  model: { path: "/runs/original", name: "original", modelSha256: hash("original") },
  method: "l1-sparse",
  seed: 1,
  split: {
    hash: hash("split"),
    scenario: "class cat",
    counts: { train: 100, forget: 10, retain: 90, validation: 20, test: 0, withheld: 9 },
  },
  fixed: { epochs: 3 },
  search: [
    { scale: "log", option: "lr", low: 0.001, high: 0.1 },
    { scale: "choice", option: "schedule", choices: ["decay", "constant"] },
  ],
  budget: { trials: 3, exhausted: false, seconds: 54 },
  halving: {
    eta: 3,
    rungs: [
      { trials: 3, epochs: 1 },
      { trials: 1, epochs: 3 },
    ],
    note: "epochs are the resource",
  },
  looked: { objective: "four terms", neverSeen: "20 images", withheld: "9 images", statement: "No test set." },
  original: { scores: scores(0.99), objective: objective(0.4) },
  trials: [
    trial(0, 0.2),
    trial(1, 0.3, { rung: 0, full: false, epochs: 1 }),
    trial(2, 0.1),
    { trial: 3, options: { lr: 9, schedule: "decay" }, rung: 0, full: false, epochs: 1, error: "diverged", seconds: 3 },
  ],
  best: {
    trial: 2,
    options: { epochs: 3, lr: 0.02, schedule: "decay" },
    objective: objective(0.1),
    forget: ["coppice", "forget", "--model", "runs/original", "--lr", "0.02"],
  },
  notes: ["a note"],
  environment,
};
