import { expect, it } from "vitest";
import { z } from "zod";
import { schemaProblems } from "../../../src/util/schema-problems.ts";

function problemsOf(schema: z.ZodType, value: unknown): string {
  const { error } = schema.safeParse(value);
  return error === undefined ? "none" : schemaProblems(error);
}

it("says where, what was expected and what came", () => {
  const schema = z.strictObject({ data: z.object({ name: z.string() }), stem: z.enum(["cifar", "imagenet"]) });
  expect(problemsOf(schema, { data: { name: 3 }, stem: "big" })).toBe(
    'data.name: expected string, got number; stem: expected one of "cifar"|"imagenet"',
  );
  expect(problemsOf(schema, { data: { name: "x" }, stem: "cifar", epoch: 1 })).toBe(
    'the whole: Unrecognized key: "epoch"',
  );
  expect(problemsOf(schema, [])).toBe("the whole: expected object, got array");
});

it("shows five problems and counts the others", () => {
  const names = ["a", "b", "c", "d", "e", "f", "g"];
  const schema = z.object(Object.fromEntries(names.map((name) => [name, z.number()])));
  const said = problemsOf(schema, {});
  expect(said.split("; ")).toHaveLength(6);
  expect(said).toMatch(/^a: expected number, got undefined; .*e: .*; and 2 more$/);
});
