import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import * as coppice from "../../../src/index.ts";
import { runningModules, subpaths } from "../../../src/library/running-modules.ts";
import { methodRegistry } from "../../../src/unlearn/index.ts";
import { repositoryRoot } from "../../support/source-files.ts";

it("are those of this process", async () => {
  const modules = await runningModules();
  expect(modules["coppice"]).toBe(coppice);
  expect((modules["coppice/unlearn"] as { methodRegistry: unknown }).methodRegistry).toBe(methodRegistry);
});

it("have the subpaths that the package exports", () => {
  const { exports } = JSON.parse(readFileSync(join(repositoryRoot, "package.json"), "utf8")) as {
    exports: Record<string, unknown>;
  };
  const expected = [".", ...subpaths.map((subpath) => `./${subpath}`), "./package.json"];
  expect(Object.keys(exports).toSorted()).toEqual(expected.toSorted());
});
