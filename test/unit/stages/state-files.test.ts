import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { StateFiles } from "../../../src/stages/state-files.ts";
import { saveSafetensors, scope, tensor, type Tensor } from "../../../src/torch/index.ts";
import { CoppiceError } from "../../../src/util/errors.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { thrownBy } from "../../support/thrown-by.ts";

const state = (...values: number[]): Map<string, Tensor> =>
  new Map([
    ["fc.weight", tensor(Float32Array.from(values))],
    ["fc.count", tensor(BigInt64Array.of(7n))],
  ]);
const valuesOf = (loaded: ReadonlyMap<string, Tensor>): object =>
  Object.fromEntries([...loaded].map(([name, value]) => [name, [value.dtype, value.toArray()]]));

it("keeps states by name, bit by bit, in a folder that is made when something is saved", () => {
  const folder = join(temporaryFolder(), "snapshots");
  const files = new StateFiles(folder);
  expect([files.has("a"), existsSync(folder)]).toEqual([false, false]);
  scope(() => {
    files.save("a", state(0.1, -0, Infinity));
    files.save("b", state(2));
    expect(valuesOf(files.load("a"))).toEqual({
      "fc.weight": ["float32", [Math.fround(0.1), -0, Infinity]],
      "fc.count": ["int64", [7]],
    });
    expect(valuesOf(files.load("b"))).toMatchObject({ "fc.weight": ["float32", [2]] });
  });
  expect(readdirSync(folder).toSorted()).toEqual(["a.safetensors", "b.safetensors"]);
  expect([files.has("a"), new StateFiles(folder).has("b"), files.has("c")]).toEqual([true, true, false]);
});

it("replaces what is saved again, and gives the same bytes for the same state", () => {
  const folder = temporaryFolder();
  const files = new StateFiles(folder);
  scope(() => {
    files.save("a", state(1));
    const first = readFileSync(join(folder, "a.safetensors"));
    files.save("a", state(2));
    expect(valuesOf(files.load("a"))).toMatchObject({ "fc.weight": ["float32", [2]] });
    files.save("a", state(1));
    expect(readFileSync(join(folder, "a.safetensors"))).toEqual(first);
  });
  expect(readdirSync(folder)).toEqual(["a.safetensors"]);
});

it("forgets all of them, and none where there are none", () => {
  const files = new StateFiles(join(temporaryFolder(), "slices"));
  files.clear();
  scope(() => files.save("a", state(1)));
  files.clear();
  expect(files.has("a")).toBe(false);
});

it("refuses a state that is not there, or is damaged, by its file", () => {
  const folder = temporaryFolder();
  const files = new StateFiles(folder);
  expect(thrownBy(() => files.load("a"))).toMatchObject({
    code: "E_CHECKPOINT",
    message: expect.stringContaining(join(folder, "a.safetensors")),
  });
  scope(() => files.save("a", state(1, 2, 3)));
  const file = join(folder, "a.safetensors");
  writeFileSync(file, readFileSync(file).subarray(0, -4));
  expect(thrownBy(() => files.load("a"))).toMatchObject({
    code: "E_CHECKPOINT",
    message: expect.stringContaining(file),
  });
});

it("says where it cannot write", () => {
  const file = join(temporaryFolder(), "file");
  writeFileSync(file, "");
  expect(thrownBy(() => scope(() => new StateFiles(join(file, "slices")).save("a", state(1)))).code).toBe("E_CONFIG");
});

it("refuses a state that lies under another name, or was checked and refused by its file", () => {
  const folder = temporaryFolder();
  scope(() => new StateFiles(folder).save("a", state(1)));
  copyFileSync(join(folder, "a.safetensors"), join(folder, "b.safetensors"));
  expect(thrownBy(() => new StateFiles(folder).load("b")).message).toMatch(
    /b\.safetensors: expected weights of hash [0-9a-f]{64}, got others$/,
  );
  const refusing = new StateFiles(folder, (file) => {
    throw new CoppiceError("E_CHECKPOINT", `${file}: expected another`);
  });
  expect(thrownBy(() => refusing.load("a")).message).toBe("a.safetensors: expected another");
});

it("takes a state of an earlier version, which has no hash", () => {
  const folder = temporaryFolder();
  scope(() => {
    saveSafetensors(join(folder, "a.safetensors"), state(3), { format: "coppice-model" });
    expect(valuesOf(new StateFiles(folder).load("a"))).toMatchObject({ "fc.weight": ["float32", [3]] });
  });
});
