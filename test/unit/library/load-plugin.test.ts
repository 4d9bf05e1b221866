import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { importFile, loadPlugin } from "../../../src/library/index.ts";
import { hashOfModule } from "../../../src/plugins/index.ts";
import { methodNamed, methodRegistry } from "../../../src/unlearn/index.ts";
import { methodFile } from "../../support/plugin-file.ts";
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
    /pruner: expected a name that is not taken, got "omp"/,
  ],
])("refuses %s in one line", async (text, message) => {
  const said = await refusal(loadPlugin(fileWith(text)));
  expect(said).toMatch(message);
  expect(said).not.toContain("\n");
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
