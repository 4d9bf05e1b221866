/** A cleanse made up for tests: valid by schema, with values like those of the paper's figure 6. */
import type { CleanseRecord, Metric, TrojanScores } from "../../../../src/record/index.ts";
import { environment, hash, metric } from "../made-up-records.ts";

const lower = (value: number, count: number): Metric => ({ ...metric(value, count), direction: "lower" });

export function trojanScores(asr: number, sa: number): TrojanScores {
  return {
    SA: { ...metric(sa, 10_000), direction: "higher" },
    ASR: lower(asr, 9000),
    ASRReference: lower(0.1 + 0.9 * asr, 10_000),
    robustAccuracy: { ...metric(sa * (1 - asr), 9000), direction: "higher" },
  };
}

const grey = (value: number): CleanseRecord["previews"][number]["clean"] => ({
  channels: 1,
  height: 2,
  width: 2,
  data: Buffer.alloc(4, value).toString("base64"),
});

/** l1-sparse on a dense model. @param asr and @param sa before and after */
export function cleanseRecord(asr: readonly [number, number], sa: readonly [number, number]): CleanseRecord {
  return {
    format: "coppice-cleanse",
    version: 1,
    createdAt: "2026-11-26T12:00:00.000Z",
    command: ["coppice", "cleanse", "--model", "runs/trojaned", "--suspects", "suspects.csv", "--out", "runs/cleansed"],
    run: {
      name: "cleansed",
      path: ".",
      modelSha256: hash("cleansed"),
      sparsity: 0,
      metrics: trojanScores(asr[1], sa[1]),
      method: "l1-sparse",
      order: "dense",
      seconds: 120,
      steps: 1590,
    },
    before: {
      name: "trojaned",
      path: "../trojaned",
      modelSha256: hash("trojaned"),
      sparsity: 0,
      metrics: trojanScores(asr[0], sa[0]),
    },
    DER: { value: (Math.max(0, asr[0] - asr[1]) - Math.max(0, sa[0] - sa[1]) + 1) / 2, interval: [0.1, 0.99] },
    attack: {
      attack: "badnets",
      options: { size: 4, margin: 2, value: 0 },
      target: 0,
      ratio: 0.1,
      seed: 1,
      split: { mode: "standard", validationFraction: 0.1, seed: 1 },
      cleanDigest: hash("clean"),
    },
    suspects: {
      source: "suspects.csv",
      count: 4500,
      share: 0.1,
      truth: { poisoned: 4500, found: 4400, precision: metric(0.977), recall: metric(0.978) },
    },
    classNames: ["airplane", "automobile", "bird"],
    trace: [
      { epoch: 0, step: 0, ASR: asr[0], ASRReference: asr[0], SA: sa[0] },
      { epoch: 1, step: 159, ASR: (asr[0] + asr[1]) / 2, ASRReference: (asr[0] + asr[1]) / 2, SA: sa[1] },
      { epoch: 2, step: 318, ASR: asr[1], ASRReference: asr[1], SA: sa[1] },
    ],
    traceImages: 2000,
    previews: [{ index: 7, label: 2, clean: grey(90), triggered: grey(0), predictedBefore: 0, predictedAfter: 2 }],
    notes: [],
    environment,
  };
}
