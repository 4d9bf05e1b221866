/** A transfer record whose numbers are made up: one method and Retrain, up to two classes removed, three seeds. */
import type { SummaryRecord, TransferRecord } from "../../../../src/record/index.ts";
import { environment } from "../made-up-records.ts";

export function summary(mean: number, half: number | null, n = 3): SummaryRecord {
  if (half === null) return { mean, deviation: null, interval: null, n: 1 };
  return { mean, deviation: half / 2, interval: [mean - half, mean + half], n };
}

const metric = (value: number): TransferRecord["points"][number]["accuracy"] => {
  return { value, direction: "higher", unit: "fraction", count: 200, interval: [value - 0.07, value + 0.07] };
};

const point = (method: string, removed: string[], value: number): TransferRecord["points"] =>
  [1, 2, 3].map((seed) => {
    const rest = { accuracy: metric(value), trainAccuracy: 0.7, transferSeconds: 2, modelSha256: "0".repeat(64) };
    return { method, removed, seed, ...rest };
  });

export const madeUpTransfer: TransferRecord = {
  format: "coppice-transfer",
  version: 1,
  name: "made up",
  createdAt: "2026-11-26T04:00:00.000Z",
  command: ["coppice", "transfer", "--quick", "--out", "runs/transfer"],
  source: { arch: "resnet20s", data: "cifar10", classNames: ["airplane", "bird", "cat", "deer"] },
  target: {
    data: "fashion-mnist",
    digest: "1".repeat(64),
    classNames: ["Bag", "Shirt"],
    numTrain: 300,
    numTest: 200,
    notes: [],
  },
  probe: "linear",
  recipe: { epochs: 200, lr: 1e-4 },
  removalOrder: ["cat", "deer", "bird", "airplane"],
  ranking: {
    by: "leave-out",
    classes: [
      { name: "cat", share: 0.1, probability: 0.2, leaveOut: -0.02 },
      { name: "airplane", share: 0.9, probability: 0.8, leaveOut: 0.05 },
    ],
    images: 300,
    countSeconds: 1.5,
    leaveOutSeconds: 90,
    leaveOutImages: 60,
  },
  points: [
    ...point("none", [], 0.6),
    ...point("l1-sparse", ["cat"], 0.63),
    ...point("l1-sparse", ["cat", "deer"], 0.55),
    ...point("retrain", ["cat"], 0.62),
  ],
  rows: [
    { method: "none", removed: [], accuracy: summary(0.6, 0.01), transferSeconds: 2 },
    {
      method: "l1-sparse",
      removed: ["cat"],
      accuracy: summary(0.63, 0.02),
      gain: summary(0.03, 0.02),
      gap: summary(0.01, 0.03),
      forgetSeconds: 12,
      transferSeconds: 2,
    },
    {
      method: "l1-sparse",
      removed: ["cat", "deer"],
      accuracy: summary(0.55, 0.02),
      gain: summary(-0.05, 0.08),
      transferSeconds: 2,
    },
    {
      method: "retrain",
      removed: ["cat"],
      accuracy: summary(0.62, 0.02),
      gain: summary(0.02, 0.04),
      forgetSeconds: 50,
      transferSeconds: 2,
    },
  ],
  notes: ["a note"],
  environment,
};
