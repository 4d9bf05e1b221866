import { expect, it } from "vitest";
import { transferRows } from "../../../../src/experiments/transfer/collect-transfer.ts";
import type { TransferPoint } from "../../../../src/record/index.ts";

const point = (method: string, removed: string[], seed: number, value: number): TransferPoint => ({
  method,
  removed,
  seed,
  accuracy: { value, direction: "higher", unit: "fraction", count: 100, interval: [0, 1] },
  trainAccuracy: 1,
  ...(removed.length === 0 ? {} : { forgetSeconds: 10 * seed }),
  transferSeconds: seed,
  modelSha256: "0".repeat(64),
});

const points = [
  point("none", [], 1, 0.5),
  point("finetune", ["a"], 1, 0.6),
  point("retrain", ["a"], 1, 0.55),
  point("none", [], 2, 0.7),
  point("finetune", ["a"], 2, 0.72),
  point("retrain", ["a"], 2, 0.75),
];
const rows = transferRows(points);

it("pairs each seed with the whole source and with Retrain of the same seed", () => {
  const [none, finetune, retrain] = rows;
  expect(rows.map(({ method }) => method)).toEqual(["none", "finetune", "retrain"]);
  expect([none?.gain, none?.gap, retrain?.gap]).toEqual([undefined, undefined, undefined]);
  expect(finetune?.gain?.mean).toBeCloseTo((0.1 + 0.02) / 2, 12);
  expect(finetune?.gap?.mean).toBeCloseTo((0.05 - 0.03) / 2, 12);
  expect(retrain?.gain?.mean).toBeCloseTo(0.05, 12);
  // 12.706 is the 97.5 % quantile of Student's distribution with one degree of freedom; the differences are 0.1 and 0.02.
  expect((finetune?.gain?.interval?.[1] ?? 0) - 0.06).toBeCloseTo(12.706 * 0.04, 4);
});

it("gives mean times, and none of forgetting where nothing was forgotten", () => {
  expect(rows.map(({ forgetSeconds, transferSeconds }) => [forgetSeconds, transferSeconds])).toEqual([
    [undefined, 1.5],
    [15, 1.5],
    [15, 1.5],
  ]);
});
