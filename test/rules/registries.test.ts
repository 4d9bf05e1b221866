/** A registry lists exactly the files of its folder: a forgotten line or a forgotten file fails here. */
import { describe, expect, it } from "vitest";
import { importsOf, type SourceFile, sourceFiles } from "../support/source-files.ts";

interface Registry {
  readonly name: string;
  readonly registry: string;
  readonly folder: string;
  /** What an entry's file contains, and no other file of the folder. */
  readonly entry: RegExp;
}

const registries: readonly Registry[] = [
  { name: "methods", registry: "src/unlearn/registry.ts", folder: "src/unlearn", entry: /= defineMethod[<(]/ },
  { name: "pruners", registry: "src/prune/registry.ts", folder: "src/prune", entry: /= definePruner[<(]/ },
  {
    name: "allocations",
    registry: "src/prune/allocations/registry.ts",
    folder: "src/prune/allocations",
    entry: /= defineAllocation[<(]/,
  },
  { name: "metrics", registry: "src/evaluate/registry.ts", folder: "src/evaluate", entry: /= defineMetric[<(]/ },
  {
    name: "models",
    registry: "src/models/registry.ts",
    folder: "src/models",
    entry: /(=|return) defineArchitecture\(/,
  },
  {
    name: "data sets",
    registry: "src/data/registry.ts",
    folder: "src/data",
    entry: /^export const \w+ = (defineDataset|idxDataset)\(/m,
  },
  { name: "detectors", registry: "src/detect/registry.ts", folder: "src/detect", entry: /= defineDetector[<(]/ },
  {
    name: "attacks",
    registry: "src/data/poison/registry.ts",
    folder: "src/data/poison",
    entry: /= defineAttack[<(]/,
  },
  {
    name: "commands",
    registry: "src/cli/main.ts",
    folder: "src/cli/commands",
    entry: /^export function \w+Command\(/m,
  },
];

/** The entries among `files`, those of the folder, that the registry does not import. */
function unlisted({ entry }: Registry, registry: SourceFile, files: readonly SourceFile[]): string[] {
  const listed = new Set(importsOf(registry).map(({ to }) => to));
  const entries = files.filter(({ text }) => entry.test(text)).map(({ path }) => path);
  return entries.filter((path) => !listed.has(path)).map((path) => `${path} is not in ${registry.path}`);
}

describe.each(registries)("the registry of $name", (description) => {
  const files = sourceFiles(description.folder, /\.ts$/);
  const [registry] = sourceFiles("src", /\.ts$/).filter(({ path }) => path === description.registry);

  it("has every file", () => {
    if (registry === undefined) throw new TypeError(`${description.registry} is missing`);
    expect(files.filter(({ text }) => description.entry.test(text)).length).toBeGreaterThan(0);
    expect(unlisted(description, registry, files)).toEqual([]);
  });

  it("has a file for every line", () => {
    const paths = new Set(files.map(({ path }) => path));
    const imported = registry === undefined ? [] : importsOf(registry).map(({ to }) => to);
    const inFolder = imported.filter((path) => path.startsWith(`${description.folder}/`));
    expect(inFolder.length).toBeGreaterThan(0);
    expect(inFolder.filter((path) => !paths.has(path))).toEqual([]);
  });
});

it("a file that nobody lists is seen", () => {
  const [methods] = registries;
  if (methods === undefined) throw new TypeError("no registries");
  const registry = { path: methods.registry, text: 'import { a } from "./a.ts";' };
  const text = "export const a = defineMethod<AOptions>({});";
  const files = ["a", "b"].map((name) => ({ path: `src/unlearn/${name}.ts`, text }));
  expect(unlisted(methods, registry, files)).toEqual(["src/unlearn/b.ts is not in src/unlearn/registry.ts"]);
});
