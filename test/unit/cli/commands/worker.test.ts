import { expect, it } from "vitest";
import { workerCommand, workerOptions } from "../../../../src/cli/commands/worker.ts";
import { optionsFrom } from "../../../support/command-line.ts";

const required = ["--queue", "redis://h", "--jobs", "/jobs"];

it("is told where jobs and data are, and how long to wait", () => {
  expect(workerOptions(optionsFrom(workerCommand(), ...required))).toEqual({
    queue: "redis://h",
    store: "/jobs",
    leaseSeconds: 120,
    dataFolder: undefined,
    idleSeconds: undefined,
  });
  const given = optionsFrom(workerCommand(), ...required, "--idle", "60", "--lease", "5", "--data-folder", "d");
  expect(workerOptions(given)).toMatchObject({ leaseSeconds: 5, idleSeconds: 60, dataFolder: "d" });
});

it("needs a queue, and a lease of some time", () => {
  expect(() => optionsFrom(workerCommand(), "--jobs", "/jobs")).toThrow("required option '--queue <url>'");
  expect(() => optionsFrom(workerCommand(), ...required, "--lease", "0")).toThrow("at least 1");
});
