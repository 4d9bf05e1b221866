import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { loadPlugin } from "../../../src/library/index.ts";
import { asPluginError, registries } from "../../../src/plugins/index.ts";
import { zeros } from "../../../src/torch/index.ts";
import { Interrupted } from "../../../src/train/index.ts";
import { definitionKinds } from "../../../src/util/definition.ts";
import { CoppiceError } from "../../../src/util/errors.ts";

const folder = mkdtempSync(join(tmpdir(), "coppice-plugin-"));
const file = join(folder, "throwers.mjs");
afterAll(() => rmSync(folder, { recursive: true }));

/** One definition of each kind; what it is asked to do throws what `globalThis.thrown` gives. */
beforeAll(async () => {
  writeFileSync(
    file,
    `import { defineMethod, definePruner, defineDetector, defineDataset, defineArchitecture } from "coppice";
     const about = { name: "thrower", title: "t", description: "d", source: "s", cost: "c", options: {} };
     const fail = () => { throw globalThis.thrown(); };
     export default [
       defineMethod({ ...about, needs: { retain: false, forget: true, start: "original" }, run: async () => fail() }),
       definePruner({ ...about, weights: "trained", score: fail }),
       defineDetector({ ...about, run: async () => { await null; fail(); } }),
       defineDataset({ ...about, takes: [], find: fail, load: async () => fail() }),
       defineArchitecture({ ...about, build: fail }),
     ];`,
  );
  await loadPlugin(file);
});

/** What the definition of `kind` throws when it is to do its work, with `thrown` made in its own code. */
async function errorOf(kind: (typeof definitionKinds)[number], thrown: () => unknown): Promise<unknown> {
  Object.assign(globalThis, { thrown });
  const definition = registries[kind].named("thrower") as Record<string, (...args: unknown[]) => unknown>;
  const work = ["run", "score", "load", "build"].find((name) => typeof definition[name] === "function") ?? "";
  try {
    return await definition[work]?.({}, {});
  } catch (error) {
    return error;
  }
}

it.each(definitionKinds)("names the file of a %s that throws, and what it has thrown", async (kind) => {
  const error = await errorOf(kind, () => new RangeError("kaboom"));
  expect(asPluginError(error)).toMatchObject({
    code: "E_CONFIG",
    message: `${file}: expected its code to run, got: kaboom`,
    cause: error,
  });
});

it("names it too where an operator refuses what it was given", async () => {
  const error = await errorOf("pruner", () => zeros([2, 3]).matmul(zeros([2, 3])));
  expect(error).toMatchObject({ code: expect.stringMatching(/^E_(SHAPE|NATIVE)$/) });
  expect(asPluginError(error)).toMatchObject({
    code: "E_CONFIG",
    message: expect.stringContaining(`${file}: `),
    cause: error,
  });
});

it("leaves errors for the user, stops, what is no error, and what is not of a plugin", async () => {
  for (const thrown of [new CoppiceError("E_ARG", "a: expected b, got c"), new Interrupted(), "text", null])
    expect(asPluginError(await errorOf("method", () => thrown))).toBe(thrown);
  const ours = new TypeError("ours");
  expect(asPluginError(ours)).toBe(ours);
});
