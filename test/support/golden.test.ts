import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect, it, vi } from "vitest";
import { describeGolden, goldenFolder, goldenPath, readGoldenJson, readGoldenTensors } from "./golden.ts";

const folder = mkdtempSync(join(tmpdir(), "coppice-golden-"));
afterEach(() => vi.unstubAllEnvs());
afterAll(() => rmSync(folder, { recursive: true }));

it("revives the numbers JSON has no word for", () => {
  writeFileSync(join(folder, "index.json"), "{}");
  writeFileSync(join(folder, "numbers.json"), '{"a": ["NaN", "Infinity", "-Infinity", "text", 1]}');
  vi.stubEnv("COPPICE_GOLDEN", folder);
  expect(readGoldenJson("numbers.json")).toEqual({ a: [NaN, Infinity, -Infinity, "text", 1] });
});

it("refuses a chosen folder that does not exist", () => {
  vi.stubEnv("COPPICE_GOLDEN", join(folder, "elsewhere"));
  expect(goldenFolder).toThrow("COPPICE_GOLDEN: expected a folder");
});

describeGolden("golden fixtures", () => {
  it("are the files their index lists", () => {
    const { files } = readGoldenJson<{ files: Record<string, { sha256: string }> }>("index.json");
    const name = "optim/schedules.json";
    const sha256 = createHash("sha256")
      .update(readFileSync(goldenPath(name)))
      .digest("hex");
    expect(files[name]?.sha256).toBe(sha256);
  });

  it("read every tensor with its type and shape", () => {
    const tensors = readGoldenTensors("base/data.safetensors");
    expect(tensors.size).toBeGreaterThan(0);
    for (const [name, { shape, data }] of tensors) {
      const numel = shape.reduce((product, size) => product * size, 1);
      expect(data.length, name).toBe(numel);
    }
  });
});
