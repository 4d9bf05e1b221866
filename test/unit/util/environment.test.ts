import type * as os from "node:os";
import { homedir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { cacheFolder, environmentSets, environmentVariable, withEnvironment } from "../../../src/util/environment.ts";
import { thrownBy } from "../../support/thrown-by.ts";

vi.mock("node:os", async (original) => {
  const real = await original<typeof os>();
  return { ...real, homedir: vi.fn(real.homedir) };
});

afterEach(() => vi.unstubAllEnvs());

it("takes an empty variable for one that is not set", () => {
  vi.stubEnv("COPPICE_SOMETHING", "7");
  expect(environmentVariable("COPPICE_SOMETHING")).toBe("7");
  vi.stubEnv("COPPICE_SOMETHING", "");
  expect(environmentVariable("COPPICE_SOMETHING")).toBeUndefined();
});

it("keeps what can be made again where COPPICE_CACHE says, else in the user's home", () => {
  vi.stubEnv("COPPICE_CACHE", "/some/where");
  expect(cacheFolder()).toBe("/some/where");
  vi.stubEnv("COPPICE_CACHE", undefined);
  expect(cacheFolder()).toBe(join(homedir(), ".cache", "coppice"));
});

it("says what to set for a user without a home", () => {
  vi.stubEnv("COPPICE_CACHE", undefined);
  vi.mocked(homedir).mockImplementationOnce(() => {
    throw Object.assign(new Error("no home"), { code: "ERR_SYSTEM_ERROR" });
  });
  const error = thrownBy(cacheFolder);
  expect([error.code, error.message, error.hint]).toEqual([
    "E_CONFIG",
    expect.stringMatching(/^COPPICE_CACHE: expected a folder, .* got none$/),
    expect.stringContaining("set COPPICE_CACHE"),
  ]);
});

it("tells a variable that is set to nothing from one that is not set", () => {
  vi.stubEnv("COPPICE_ONE", "");
  expect(environmentSets("COPPICE_OTHER", "COPPICE_ONE")).toBe(true);
  expect(environmentSets("COPPICE_OTHER")).toBe(false);
});

describe("withEnvironment", () => {
  /** The environment as C code sees it: Node's reports ask the system. */
  const native = (): Record<string, string> => {
    const { environmentVariables } = process.report.getReport() as { environmentVariables: Record<string, string> };
    return environmentVariables;
  };

  it("sets variables for native code, and takes them out again", () => {
    vi.stubEnv("COPPICE_ONE", "before");
    const seen = withEnvironment({ COPPICE_ONE: "1", COPPICE_TWO: "2" }, native);
    expect(seen).toMatchObject({ COPPICE_ONE: "1", COPPICE_TWO: "2" });
    expect(native()).toMatchObject({ COPPICE_ONE: "before" });
    expect(native()).not.toHaveProperty("COPPICE_TWO");
  });

  it("takes them out also where the body throws", () => {
    const body = (): never => {
      throw new TypeError("no");
    };
    expect(() => withEnvironment({ COPPICE_TWO: "2" }, body)).toThrow("no");
    expect(process.env["COPPICE_TWO"]).toBeUndefined();
  });
});
