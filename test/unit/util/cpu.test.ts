import { cpus } from "node:os";
import { expect, it } from "vitest";
import { cpuName } from "../../../src/util/cpu.ts";

it("names the processor, and its generation where Linux tells it", () => {
  expect(cpuName().startsWith(cpus()[0]?.model.trim() ?? "unknown")).toBe(true);
  if (process.platform === "linux" && process.arch === "x64") expect(cpuName()).toMatch(/\(family \d+, model \d+\)$/);
});
