import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { expect, it } from "vitest";
import { readGolden, readGoldenJson, readGoldenTensors } from "./golden.ts";

const folder = new URL("../golden/reference/", import.meta.url);
const { files } = readGoldenJson<{ files: Record<string, { bytes: number; sha256: string }> }>("index.json");

it.each(Object.entries(files))("%s is the file that the index lists", (path, { bytes, sha256 }) => {
  const content = readGolden(path);
  expect(content.length).toBe(bytes);
  expect(createHash("sha256").update(content).digest("hex")).toBe(sha256);
});

it("has no fixture that the index does not list", () => {
  const found = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) => /\.(json|gz)$/.test(path));
  const listed = Object.keys(files).map((path) => (path.endsWith(".safetensors") ? `${path}.gz` : path));
  expect(found.toSorted()).toEqual([...listed, "index.json"].toSorted());
});

it("reads every tensor with its type and shape", () => {
  const tensors = readGoldenTensors("base/data.safetensors");
  expect([...tensors.keys()]).toEqual(["x_retain", "y_retain", "x_forget", "y_forget", "x_test", "y_test"]);
  for (const [name, { dtype, shape, data }] of tensors) {
    expect(dtype, name).toBe(name.startsWith("x") ? "float64" : "int64");
    expect(data.length, name).toBe(shape.reduce((product, size) => product * size, 1));
  }
});
