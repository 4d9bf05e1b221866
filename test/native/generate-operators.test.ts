/** The committed wrappers are those that the generator makes of this machine's libtorch, or fit what it has. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { generate, parseSchema, type Schema } from "../../scripts/generate-operators.ts";
import { libtorchVersion, operatorSchema } from "../../src/torch/index.ts";
import { wrapperSchemas } from "./wrapper-schemas.ts";

const path = (relative: string): string => fileURLToPath(new URL(`../../${relative}`, import.meta.url));
const committed = {
  operators: readFileSync(path("src/torch/operators.generated.ts"), "utf8"),
  methods: readFileSync(path("src/torch/tensor-methods.generated.ts"), "utf8"),
};
const generatedFor = /from the schemas of libtorch (\S+)\. Do not edit/.exec(committed.operators)?.[1] ?? "";

function formatted(text: string, file: string): string {
  const options = { input: text, encoding: "utf8", cwd: path(".") } as const;
  return execFileSync(path("node_modules/.bin/oxfmt"), [`--stdin-filepath=${file}`], options);
}

/** Why wrappers made for `recorded` cannot call `installed`; undefined where they can. */
function misfit(recorded: Schema, installed: Schema): string | undefined {
  const plain = (type: string): string => type.replace("SymInt", "int");
  for (const [i, { name, type, optional }] of recorded.parameters.entries()) {
    const there = installed.parameters[i];
    if (there === undefined) return `${name} is gone`;
    if (there.name !== name) return `${name} became ${there.name}`;
    if (plain(there.type) !== plain(type)) return `${name} became ${there.type}`;
    if (optional && !there.optional) return `${name} lost its default`;
  }
  const added = installed.parameters.slice(recorded.parameters.length).find(({ optional }) => !optional);
  if (added !== undefined) return `${added.name} is new and has no default`;
  return plain(String(installed.returns)) === plain(String(recorded.returns)) ? undefined : "the result changed";
}

describe("the generated wrappers", () => {
  it.runIf(generatedFor === libtorchVersion())("are what `npm run generate` makes now", () => {
    const made = generate();
    expect(formatted(made.operators, "src/torch/operators.generated.ts")).toBe(committed.operators);
    expect(formatted(made.methods, "src/torch/tensor-methods.generated.ts")).toBe(committed.methods);
  });

  const named = [...committed.operators.matchAll(/new Operator\("(.+?)"\)/g)].map(([, name = ""]) => name);

  it("name operators that this libtorch has", () => {
    expect(named.length).toBeGreaterThan(150);
    for (const name of named) expect(operatorSchema(name)).toContain(`${name}(`);
  });

  it("pass arguments in the order that this libtorch takes", () => {
    const recorded = wrapperSchemas();
    expect(recorded.length).toBe(committed.operators.match(/^export function/gm)?.length);
    const misfits = recorded.map(({ operator, schema }) => {
      return [operator, misfit(parseSchema(operator, schema), parseSchema(operator, operatorSchema(operator)))];
    });
    expect(misfits.filter(([, reason]) => reason !== undefined)).toEqual([]);
  });

  it.each([
    ["f(Tensor self, int n) -> Tensor", "f(Tensor self, SymInt n, bool more=False) -> Tensor", undefined],
    ["f(Tensor self) -> Tensor", "f(Tensor self, bool more) -> Tensor", "more is new and has no default"],
    ["f(Tensor self, int n=1) -> Tensor", "f(Tensor self, int n) -> Tensor", "n lost its default"],
    ["f(Tensor self, int n) -> Tensor", "f(Tensor self, float n) -> Tensor", "n became float"],
    ["f(Tensor self, int n) -> Tensor", "f(Tensor self, int k) -> Tensor", "n became k"],
    ["f(Tensor self, int n) -> Tensor", "f(Tensor self) -> Tensor", "n is gone"],
    ["f(Tensor self) -> Tensor", "f(Tensor self) -> (Tensor, Tensor)", "the result changed"],
  ])("%s called as %s: %s", (before, now, reason) => {
    expect(misfit(parseSchema("f", before), parseSchema("f", now))).toBe(reason);
  });
});
