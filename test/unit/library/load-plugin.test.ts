import { existsSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, it } from "vitest";
import { importFile, loadPlugin } from "../../../src/library/index.ts";
import { hashOfModule } from "../../../src/plugins/index.ts";
import { methodNamed, methodRegistry } from "../../../src/unlearn/index.ts";
import { methodFile } from "../../support/plugin-file.ts";
import { specialFiles } from "../../support/special-files.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const refusal = async (work: Promise<unknown>): Promise<string> =>
  await work.then(
    () => "none",
    ({ message }: Error) => message,
  );
const fileWith = (text: string): string => {
  const file = join(temporaryFolder(), "plugin.mjs");
  writeFileSync(file, text);
  return file;
};

it("registers what a TypeScript file defines, and says where it is from; a second time changes nothing", async () => {
  const path = methodFile("scale");
  const record = { kind: "method", name: "scale", path, sha256: hashOfModule(path) };
  expect(await loadPlugin(path)).toEqual([record]);
  expect(methodNamed("scale").title).toBe("Scale");
  const count = methodRegistry.all.length;
  expect(await loadPlugin(path)).toEqual([record]);
  expect(methodRegistry.all.length).toBe(count);
});

it("finds definitions in lists and as the default export, of every kind", async () => {
  const file = fileWith(`
    import { definePruner, defineDetector, defineArchitecture, inMemoryDataset } from "coppice";
    const about = { title: "t", description: "d", source: "s" };
    export default definePruner({ ...about, name: "p1", weights: "trained", score: () => new Map() });
    export const several = [
      defineDetector({ ...about, name: "d1", cost: "c", options: {}, run: async () => ({ suspects: [] }) }),
      defineArchitecture({ ...about, name: "a1", build: () => { throw new Error("not built here"); } }),
      inMemoryDataset({
        name: "i1", description: "d", channels: 1, height: 1, width: 1, classNames: ["a", "b"],
        train: [{ id: "x", image: new Uint8Array(1), label: 0 }], test: [{ id: "y", image: new Uint8Array(1), label: 1 }],
      }),
    ];
    export const other = 1;`);
  const found = await loadPlugin(file);
  expect(found.map(({ kind, name }) => `${kind} ${name}`).toSorted()).toEqual([
    "architecture a1",
    "dataset i1",
    "detector d1",
    "pruner p1",
  ]);
});

it.each([
  ["export const x = 1;", /expected an export made by defineMethod or one of its siblings, got none/],
  [
    "export const x = 1;\nexport const y = ;",
    /expected a module that runs, got: .*Unexpected token.* at .*plugin\.mjs:2:\d+$/,
  ],
  ["throw new Error('on purpose');", /expected a module that runs, got: on purpose/],
  ['import "nowhere";', /expected a module that runs, got: Cannot find module 'nowhere'$/],
  [
    'import { defineMethod } from "coppice"; export default defineMethod({ name: "half" });',
    /method half: expected the field title to be a text, got none/,
  ],
  [
    'import { definePruner } from "coppice"; export default definePruner({ name: "omp", title: "t", description: "d", source: "s", weights: "trained", score: () => new Map() });',
    /pruner: expected a name that is not taken, got "omp", which Coppice itself defines/,
  ],
])("refuses %s in one line", async (text, message) => {
  const said = await refusal(loadPlugin(fileWith(text)));
  expect(said).toMatch(message);
  expect(said).not.toContain("\n");
});

const about = 'title: "t", description: "d", source: "s"';
const prunerNamed = (name: string): string =>
  `export const ${name} = definePruner({ name: "${name}", ${about}, weights: "trained", score: () => new Map() });`;

it("runs a file once, however often and from wherever it is named", async () => {
  const file = fileWith(
    `import { definePruner } from "coppice/prune"; globalThis.timesRun = (globalThis.timesRun ?? 0) + 1;\n${prunerNamed("once")} export default once; export const list = [once]; list.push(list);`,
  );
  const [record] = await loadPlugin(file);
  expect(await Promise.all([loadPlugin(file), loadPlugin(file), loadPlugin(relative(process.cwd(), file))])).toEqual(
    Array(3).fill([record]),
  );
  expect((globalThis as { timesRun?: number }).timesRun).toBe(1);
});

it("tries again what could not be loaded", async () => {
  const file = fileWith('import "./missing.mjs";');
  expect(await refusal(loadPlugin(file))).toContain("missing.mjs");
  writeFileSync(
    join(dirname(file), "missing.mjs"),
    `import { definePruner } from "coppice/prune"; ${prunerNamed("late")}`,
  );
  writeFileSync(file, 'export { late } from "./missing.mjs";');
  expect(await loadPlugin(file)).toMatchObject([{ name: "late" }]);
});

it("names both files where a name is taken, and registers nothing of the second", async () => {
  const first = fileWith(`import { definePruner } from "coppice/prune"; ${prunerNamed("clash")}`);
  await loadPlugin(first);
  const second = fileWith(
    `import { definePruner } from "coppice/prune"; ${prunerNamed("fresh")} ${prunerNamed("clash")}`,
  );
  expect(await refusal(loadPlugin(second))).toBe(
    `plugin ${second}: pruner: expected a name that is not taken, got "clash", which ${first} defines`,
  );
  expect(
    await refusal(loadPlugin(fileWith(`import { definePruner } from "coppice/prune"; ${prunerNamed("fresh")}`))),
  ).toBe("none");
  const twice = fileWith(
    `import { definePruner } from "coppice/prune"; const of = (name) => definePruner({ name, ${about}, weights: "trained", score: () => new Map() });
     export const a = of("twice"); export const b = of("twice");`,
  );
  expect(await refusal(loadPlugin(twice))).toMatch(/got "twice", which the same file defines$/);
});

it.each(specialFiles)("refuses %s in the place of a file", async (what, make) => {
  const file = join(temporaryFolder(), "plugin.mjs");
  make(file);
  const found = existsSync(file) ? `${file}: expected a file that can be read, got ${what}` : "got no such file";
  expect(await refusal(loadPlugin(file))).toContain(found);
  expect(await refusal(importFile(file))).toContain(`${file}: expected a file that can be read, got ${what}`);
});

it.each([
  ["throw null;", "null"],
  ["throw Object.create(null);", "[object Object]"],
  ["throw Object.assign(new Error(), { message: { toString: 1 } });", "[object Object]"],
  ['throw "\\u001b[2J";', "\u001b[2J"],
])("says what was thrown by %s", async (text, thrown) => {
  expect(await refusal(loadPlugin(fileWith(text)))).toContain(`expected a module that runs, got: ${thrown}`);
});

it("refuses a file that is not there", async () => {
  expect(await refusal(loadPlugin("nowhere.ts"))).toBe(
    "plugin nowhere.ts: expected a TypeScript or JavaScript file, got no such file",
  );
});

it("gives the exports of any module of the user's, with this very Coppice behind its imports", async () => {
  const file = fileWith('import { methods } from "coppice/unlearn";\nexport const count = methods.length;\n');
  expect((await importFile(file))["count"]).toBe(methodRegistry.all.length);
});
