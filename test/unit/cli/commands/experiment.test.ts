import { join, resolve } from "node:path";
import { expect, it } from "vitest";
import { experimentCommand, jobOptions, recipeOptions } from "../../../../src/cli/commands/experiment.ts";
import { optionsFrom } from "../../../support/command-line.ts";
import { thrownBy } from "../../../support/thrown-by.ts";

const optionsOf = (...args: string[]): never => optionsFrom(experimentCommand(), "table1", "--out", "runs/t", ...args);

it("asks the recipe for a preset, seeds and attacks", () => {
  expect(recipeOptions(optionsOf())).toEqual({ preset: "quick" });
  const given = optionsOf("--preset", "paper", "--seeds", "3", "--attacks", "badnets", "sig");
  expect(recipeOptions(given)).toEqual({ preset: "paper", seeds: 3, attacks: ["badnets", "sig"] });
  expect(thrownBy(() => recipeOptions(optionsOf("--preset", "qick"))).hint).toBe("did you mean quick?");
  expect(() => optionsOf("--seeds", "0")).toThrow("at least 1");
});

it("keeps finished jobs beside the output, unless told where", () => {
  expect(jobOptions(optionsOf())).toEqual({ store: join(resolve("runs"), "jobs"), leaseSeconds: 120 });
  const shared = optionsOf("--jobs", "/share", "--lease", "30", "--queue", "redis://host:6379");
  expect(jobOptions(shared)).toEqual({ store: "/share", leaseSeconds: 30, queue: "redis://host:6379" });
});
