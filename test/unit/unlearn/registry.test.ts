import { expect, it } from "vitest";
import { methodNamed, methods, methodsWithoutTrainingImages } from "../../../src/unlearn/registry.ts";
import { thrownBy } from "../../support/thrown-by.ts";

it("lists the methods in the order of the documentation, each with its texts", () => {
  expect(methods.map(({ name }) => name).join(" ")).toBe(
    "retrain finetune gradient-ascent l1-sparse finetune-prune fisher influence random-label salun ssd scrub neggrad-plus " +
      "bad-teacher boundary-shrink boundary-expand eu-k cf-k msg ct unsir sisa finetune-held-out fine-pruning clp anp i-bau",
  );
  for (const { title, description, source, cost } of methods) {
    for (const text of [title, description, source, cost]) expect(text.trim().length).toBeGreaterThan(2);
  }
});

it("finds a method by name, and suggests the nearest", () => {
  for (const method of methods) expect(methodNamed(method.name)).toBe(method);
  expect(thrownBy(() => methodNamed("retrian"))).toMatchObject({ code: "E_ARG", hint: "did you mean retrain?" });
});

it("names the methods that read no records", () => {
  expect(methodsWithoutTrainingImages()).toEqual(["finetune-held-out", "fine-pruning", "clp", "anp", "i-bau"]);
});
