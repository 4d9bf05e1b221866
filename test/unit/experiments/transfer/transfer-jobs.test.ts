import { expect, it } from "vitest";
import { checkTransferSpec } from "../../../../src/experiments/transfer/transfer-spec.ts";
import {
  prepareTransfer,
  probeMethod,
  removalJob,
  sourceJob,
  targetJob,
  transferCells,
} from "../../../../src/experiments/transfer/transfer-jobs.ts";
import { quickTransfer } from "../../../../src/recipes/index.ts";

const spec = quickTransfer(3);
const prepared = prepareTransfer(spec);
const cells = transferCells(prepared, [4, 0, 2, 1, 3]);
const first = spec.methods[0] ?? probeMethod(spec);

it("makes of the quick recipe one transfer of each whole source and of each that a method has reduced", () => {
  expect(() => checkTransferSpec(spec, ["a", "b", "c", "d", "e"])).not.toThrow();
  expect(cells.filter(({ method }) => method === null).length).toBe(3);
  expect(cells.length).toBe(3 * (1 + 3 * 3));
  expect(new Set(cells.map(({ transfer }) => transfer.key)).size).toBe(cells.length);
  expect(new Set(cells.flatMap(({ forget }) => forget?.key ?? [])).size).toBe(27);
});

it("removes the first classes of the order, and trains a source for each seed", () => {
  const own = cells.filter(({ method, seed }) => method === "retrain" && seed === 2);
  expect(own.map(({ removed }) => removed)).toEqual([[4], [4, 0], [4, 0, 2]]);
  expect(new Set([1, 2, 3].map((seed) => sourceJob(prepared, seed).key)).size).toBe(3);
  expect(own[0]?.forget?.after).toEqual([sourceJob(prepared, 2)]);
});

it("names a removal by its classes, in whatever order they were given", () => {
  const [a, b] = [removalJob(prepared, first, [4, 0], 1), removalJob(prepared, first, [0, 4], 1)];
  expect(a.key).toBe(b.key);
  expect(a.key).toBe(cells.find(({ seed, removed }) => seed === 1 && removed.length === 2)?.forget?.key);
});

it("tells transfers apart that hold images out, but not by where the data are", () => {
  const source = sourceJob(prepared, 1);
  const { key } = targetJob(prepared, source, 1);
  expect(targetJob(prepared, source, 1, 0.2).key).not.toBe(key);
  expect(targetJob({ ...prepared, target: { ...prepared.target, folder: "/elsewhere" } }, source, 1).key).toBe(key);
});

it("values classes by the first method that is not Retrain", () => {
  const [retrain] = spec.methods.filter(({ method }) => method === "retrain");
  expect(probeMethod(spec).method).toBe("l1-sparse");
  expect(probeMethod({ ...spec, methods: retrain === undefined ? [] : [retrain] }).method).toBe("retrain");
});
