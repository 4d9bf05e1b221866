/** Who may import whom. A test prints the edge that breaks the rule. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  type Edge,
  importsOf,
  matchingLines,
  repositoryRoot,
  type SourceFile,
  sourceFiles,
} from "../support/source-files.ts";

/** Folders of src/ from the bottom up: each may import those above it in this list, unless an exception says otherwise. */
const order = [
  "util",
  "statistics",
  "record",
  "format",
  "findings",
  "report",
  "torch",
  "nn",
  "optim",
  "models",
  "data",
  "prune",
  "train",
  "sparse",
  "unlearn",
  "detect",
  "evaluate",
  "plugins",
  "stages",
  "jobs",
  "tune",
  "experiments",
  "recipes",
  "library",
  "cli",
];

const exceptions: Record<string, { only?: readonly string[]; never?: readonly string[]; why: string }> = {
  nn: { never: ["record"], why: "layers know nothing of runs" },
  detect: { never: ["evaluate"], why: "a detector that sees an audit can be tuned on it" },
  evaluate: { never: ["unlearn"], why: "an audit that knows the method can favour it" },
  unlearn: { never: ["evaluate"], why: "a method that sees an audit can be tuned on it" },
  stages: { never: ["findings", "report"], why: "a result does not depend on how it is judged and shown" },
  jobs: { never: ["findings", "report"], why: "what a job is called hangs on what changes a number" },
  experiments: { never: ["tune"], why: "an experiment and a search do not know each other" },
};

/** The folder of src/ that `path` lies in; "" for src/index.ts and for what is not in src/. */
function folderOf(path: string): string {
  return /^src\/([^/]+)\//.exec(path)?.[1] ?? "";
}

function brokenEdges(edges: readonly Edge[]): string[] {
  const complaint = ({ from, to }: Edge): string | undefined => {
    const [lower, upper] = [folderOf(to), folderOf(from)];
    if (!to.startsWith("src/") && to.endsWith(".ts")) return `${from} -> ${to}: src imports from src and packages only`;
    if (lower === upper || !to.startsWith("src/") || (upper === "" && lower !== "cli")) return undefined;
    const { only, never, why } = exceptions[upper] ?? {};
    if (only?.includes(lower) === false || never?.includes(lower) === true) return `${from} -> ${to}: ${why}`;
    if (!order.includes(upper) || !order.includes(lower))
      return `${from} -> ${to}: a folder the import table does not list`;
    return order.indexOf(lower) < order.indexOf(upper) ? undefined : `${from} -> ${to}: imports run downwards only`;
  };
  return edges.map(complaint).filter((line) => line !== undefined);
}

const sources = sourceFiles("src", /\.ts$/);
const edges = sources.flatMap(importsOf);
const importersOf = (target: RegExp): string[] => edges.filter(({ to }) => target.test(to)).map(({ from }) => from);
const linesOf = (files: readonly SourceFile[], pattern: RegExp): string[] =>
  files.flatMap((file) => matchingLines(file, pattern));

describe("the import table", () => {
  it("holds for every import in src/", () => {
    expect(edges.length).toBeGreaterThan(0);
    expect(brokenEdges(edges)).toEqual([]);
  });

  it("lists exactly the folders there are", () => {
    const folders = new Set(sources.map(({ path }) => folderOf(path)).filter((folder) => folder !== ""));
    expect([...folders].toSorted()).toEqual(order.toSorted());
  });

  it.each<[string, string]>([
    ["src/util/a.ts", "src/torch/b.ts"],
    ["src/unlearn/a.ts", "src/evaluate/b.ts"],
    ["src/evaluate/a.ts", "src/unlearn/b.ts"],
    ["src/report/a.ts", "src/torch/b.ts"],
    ["src/report/a.ts", "src/stages/b.ts"],
    ["src/stages/a.ts", "src/report/b.ts"],
    ["src/experiments/a.ts", "src/tune/b.ts"],
    ["src/data/a.ts", "src/newcomer/b.ts"],
    ["src/index.ts", "src/cli/main.ts"],
    ["src/util/a.ts", "test/support/b.ts"],
  ])("refuses %s -> %s", (from, to) => {
    expect(brokenEdges([{ from, to }])).toHaveLength(1);
  });

  it.each<[string, string]>([
    ["src/torch/a.ts", "src/util/b.ts"],
    ["src/report/a.ts", "src/record/b.ts"],
    ["src/cli/a.ts", "src/evaluate/b.ts"],
    ["src/index.ts", "src/stages/index.ts"],
    ["src/nn/a.ts", "src/nn/b.ts"],
    ["src/record/a.ts", "zod"],
    ["src/record/a.ts", "node:fs"],
  ])("accepts %s -> %s", (from, to) => {
    expect(brokenEdges([{ from, to }])).toEqual([]);
  });

  it("sees every way to import", () => {
    const text = `
      import { a } from "./a.ts";
      import type { B } from "../b/b.ts";
      import "./c.ts";
      export * from "./d.ts";
      const e = await import("./e.ts");
      // import { f } from "./comment.ts";
      import {
        g,
      } from "node:g";`;
    expect(importsOf({ path: "src/x/y.ts", text }).map(({ to }) => to)).toEqual([
      "src/x/a.ts",
      "src/b/b.ts",
      "src/x/c.ts",
      "src/x/d.ts",
      "src/x/e.ts",
      "node:g",
    ]);
  });
});

describe("ARCHITECTURE.md", () => {
  const page = readFileSync(join(repositoryRoot, "ARCHITECTURE.md"), "utf8");

  it("draws the rooms from the top down, in the order of the import table", () => {
    const picture = /^ {4}what people start[^]*?\n\n/m.exec(page)?.[0] ?? "";
    const lines = picture.split("\n").map((line) => line.slice(26).match(/\b[a-z]+\b(?= {2}|$)/g) ?? []);
    expect(lines.toReversed().flat()).toEqual(order);
  });

  it("says in at most 60 words what each room is, and those of native", () => {
    const rooms = [...order.map((room) => `src/${room}`), "native/ops", "native/ops/sparse", "native/addon"];
    const said = new Map(
      [...page.matchAll(/^- \*\*`([\w/]+)\/`\*\*: ([^]*?)(?=^- |^$)/gm)].map(([, room = "", text = ""]) => [
        room,
        text,
      ]),
    );
    expect([...said.keys()].toSorted()).toEqual(rooms.toSorted());
    expect([...said].filter(([, text]) => text.split(/\s+/).length > 60)).toEqual([]);
  });
});

/** Rooms that write numbers for people. */
const wordy = ["format", "findings", "report", "tune", "experiments", "cli"];

describe("the invariants of ARCHITECTURE.md", () => {
  it("src/torch/binding.ts alone loads the addon, and only src/torch imports it", () => {
    const loaders = sources.filter(({ text }) => /createRequire|\.node["'`]|process\.dlopen/.test(text));
    expect(loaders.map(({ path }) => path)).toEqual(["src/torch/binding.ts"]);
    expect(importersOf(/^src\/torch\/binding\.ts$/).filter((path) => folderOf(path) !== "torch")).toEqual([]);
  });

  it("src/data/batches.ts and labels.ts alone make tensors in src/data", () => {
    expect(new Set(importersOf(/^src\/(torch|nn)\//).filter((path) => folderOf(path) === "data"))).toEqual(
      new Set(["src/data/batches.ts", "src/data/labels.ts"]),
    );
  });

  it("numbers become words where results are judged and shown, in no room that makes them", () => {
    const rooms = new Set(importersOf(/^src\/(format|findings)\//).map(folderOf));
    expect([...rooms].filter((room) => !wordy.includes(room))).toEqual([]);
    expect(wordy.filter((room) => !rooms.has(room))).toEqual([]);
  });

  it("src/train/trainer.ts alone calls backward", () => {
    const callers = sources.filter(({ path, text }) => folderOf(path) !== "torch" && /\.backward\(/.test(text));
    expect(callers.map(({ path }) => path)).toEqual(["src/train/trainer.ts"]);
  });

  it("native/ops knows no Node header, native/addon no vector instructions", () => {
    const ops = sourceFiles("native/ops", /\.(cc|h)$/);
    const addon = sourceFiles("native/addon", /\.(cc|h)$/);
    expect(Math.min(ops.length, addon.length)).toBeGreaterThan(0);
    expect(linesOf(ops, /#include\s*[<"](napi|node_api|node|v8|uv)\b/)).toEqual([]);
    expect(linesOf(addon, /#include\s*[<"](immintrin|x86intrin|arm_neon)|_mm(256|512)?_/)).toEqual([]);
  });

  it("would find both", () => {
    const file = { path: "a.cc", text: '#include <ATen/ATen.h>\n#include <napi.h>\n#include "immintrin.h"\n' };
    expect(matchingLines(file, /#include\s*[<"](napi|node_api|node|v8|uv)\b/)).toEqual(["a.cc:2: #include <napi.h>"]);
    expect(matchingLines(file, /#include\s*[<"](immintrin|x86intrin|arm_neon)/)).toEqual([
      'a.cc:3: #include "immintrin.h"',
    ]);
  });
});

describe("index.ts", () => {
  /** What is left of a list of re-exports when the re-exports are taken out. */
  const logicIn = (text: string): string =>
    text
      .replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "")
      .replaceAll(/export\s+(type\s+)?(\*(\s+as\s+\w+)?|\{[^}]*\})\s+from\s+"[^"]+";/g, "")
      .trim();

  it("only re-exports", () => {
    const indexes = sources.filter(({ path }) => path.endsWith("/index.ts"));
    expect(indexes.filter(({ text }) => logicIn(text) !== "").map(({ path }) => path)).toEqual([]);
  });

  it("would be caught with logic in it", () => {
    expect(logicIn('/** A */\nexport { a, type B } from "./a.ts";\nexport * from "./c.ts";\n')).toBe("");
    expect(logicIn('export { a } from "./a.ts";\nexport const b = 1;\n')).toBe("export const b = 1;");
  });
});
