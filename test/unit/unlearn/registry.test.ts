import { expect, it } from "vitest";
import type { Method } from "../../../src/unlearn/index.ts";
import * as unlearn from "../../../src/unlearn/index.ts";
import { methodNamed, methods, methodsWithoutTrainingImages } from "../../../src/unlearn/registry.ts";
import { kindOf } from "../../../src/util/definition.ts";
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

it("is what `coppice/unlearn` exports, each method under its name in camel case", () => {
  const camel = (name: string): string => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  const exported = Object.entries(unlearn).filter(([, value]) => kindOf(value) === "method");
  expect(new Set(exported.map(([, value]) => value))).toEqual(new Set(methods));
  for (const [name, value] of exported) expect(name.toLowerCase()).toBe(camel((value as Method).name).toLowerCase());
});

it("names the methods that read no training images", () => {
  expect(methodsWithoutTrainingImages()).toEqual(["finetune-held-out", "fine-pruning", "clp", "anp", "i-bau"]);
});
