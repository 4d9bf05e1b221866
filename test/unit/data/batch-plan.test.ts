import fc from "fast-check";
import { expect, it } from "vitest";
import { type BatchPlan, plainBatches, smallestBatch, trainingBatches } from "../../../src/data/batch-plan.ts";
import { thrownBy } from "../../support/thrown-by.ts";

const counts = (plan: BatchPlan): number[] => Array.from({ length: plan.steps }, (_, step) => plan.at(step).count);
const sizes = [fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 70 })] as const;

it.each([
  ["plain", plainBatches],
  ["for training", trainingBatches],
])("batches that are %s hold every image once, in order", (_, plan) => {
  fc.assert(
    fc.property(...sizes, (count, batchSize) => {
      const batches = plan(count, batchSize);
      let next = 0;
      for (let step = 0; step < batches.steps; step++) {
        expect(batches.at(step).first).toBe(next);
        next += batches.at(step).count;
      }
      expect(next).toBe(count);
      expect(smallestBatch(batches)).toBe(Math.min(...counts(batches)));
    }),
  );
});

it("a single image that is left over joins the batch before; all else is as it was", () => {
  fc.assert(
    fc.property(...sizes, (count, batchSize) => {
      const [plain, training] = [counts(plainBatches(count, batchSize)), counts(trainingBatches(count, batchSize))];
      const joins = batchSize > 1 && plain.length > 1 && plain.at(-1) === 1;
      expect(training).toEqual(joins ? [...plain.slice(0, -2), batchSize + 1] : plain);
      if (batchSize > 1 && count > 1) expect(Math.min(...training)).toBeGreaterThan(1);
    }),
  );
  expect(counts(trainingBatches(65, 64))).toEqual([65]);
  expect(counts(trainingBatches(5, 2))).toEqual([2, 3]);
  expect(counts(trainingBatches(1, 64))).toEqual([1]);
  expect(counts(trainingBatches(3, 1))).toEqual([1, 1, 1]);
});

it.each([0, -1, 1.5, NaN])("refuses batches of %s images", (batchSize) => {
  expect(thrownBy(() => trainingBatches(3, batchSize)).code).toBe("E_ARG");
});
