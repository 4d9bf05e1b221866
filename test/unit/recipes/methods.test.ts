import { expect, it } from "vitest";
import { methods } from "../../../src/recipes/methods.ts";

const { rows, models } = methods({ preset: "quick" });
const rowOf = (method: string): (typeof rows)[number] | undefined => rows.find((row) => row.method === method);

it("runs every method on the dense and the sparse model, SISA on an ensemble", () => {
  expect(models.map(({ id }) => id)).toEqual(["dense", "omp95", "shards5"]);
  expect(rowOf("sisa")?.models).toEqual(["shards5"]);
  expect(rows.filter(({ method }) => method !== "sisa").every((row) => row.models?.join() === "dense,omp95")).toBe(
    true,
  );
});

it("has a method that forgets whole classes only do nothing else", () => {
  expect(rowOf("unsir")?.scenarios).toEqual(["class"]);
  expect(rowOf("finetune")?.scenarios).toBeUndefined();
});
