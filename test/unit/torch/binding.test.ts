import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { addonPath, native, operatorLibraryPath, physicalCores } from "../../../src/torch/binding.ts";

const binding = fileURLToPath(new URL("../../../src/torch/binding.ts", import.meta.url));

/** What a process of its own, started with `environment`, prints for the number of threads, or its error. */
function threadsWith(environment: Record<string, string>): string {
  const script = `import(${JSON.stringify(binding)}).then(
    ({ native }) => console.log(native.threads()),
    (error) => console.log(error.code, error.message),
  )`;
  const env = { ...process.env, ...environment };
  return execFileSync(process.execPath, ["--import", "tsx", "-e", script], { env, encoding: "utf8" }).trim();
}

describe("the native binding", () => {
  it("has both libraries in build/native", () => {
    expect(existsSync(addonPath)).toBe(true);
    expect(existsSync(operatorLibraryPath)).toBe(true);
  });

  it("exports what NativeBinding declares", () => {
    const declared = [
      ["resolveOperator", "operatorSchema", "operatorNames", "callOperator"],
      ["fromMemory", "memory", "describe", "item", "share", "free", "live"],
      ["backward", "gradients", "setGradEnabled", "requiresGrad", "grad", "setGrad"],
      ["generatorSeeded", "generatorState", "generatorSetState", "generatorFree"],
      ["threads", "setThreads", "info"],
    ].flat();
    expect(Object.keys(native).sort()).toEqual(declared.sort());
    for (const name of declared) expect(typeof native[name as keyof typeof native]).toBe("function");
  });

  it("counts at least one core and no more than the process may use", () => {
    expect(physicalCores()).toBeGreaterThanOrEqual(1);
    expect(physicalCores()).toBeLessThanOrEqual(availableParallelism());
  });

  it("starts with a thread per physical core, or with COPPICE_THREADS", () => {
    expect(threadsWith({ COPPICE_THREADS: "" })).toBe(String(physicalCores()));
    expect(threadsWith({ COPPICE_THREADS: "3" })).toBe("3");
  });

  it.each(["0", "two", "1000000"])("refuses COPPICE_THREADS=%s", (value) => {
    const expected = `E_ARG COPPICE_THREADS: expected an integer from 1 to 1024, got "${value}"`;
    expect(threadsWith({ COPPICE_THREADS: value })).toBe(expected);
  });
});
