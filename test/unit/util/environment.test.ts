import { homedir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it, vi } from "vitest";
import { cacheFolder, environmentVariable } from "../../../src/util/environment.ts";

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
