import { describe, expect, it } from "vitest";
import { forgetCommand, forgetConfig } from "../../../../src/cli/commands/forget.ts";
import { requestOf } from "../../../../src/library/index.ts";
import { program } from "../../../../src/cli/main.ts";
import { helpOf, optionsFrom } from "../../../support/command-line.ts";
import { originalRecord } from "../../../support/run-config.ts";
import { thrownBy } from "../../../support/thrown-by.ts";

const original = originalRecord({ batchSize: 96, seed: 3 });
const configOf = (...args: string[]): ReturnType<typeof forgetConfig> =>
  forgetConfig(optionsFrom(forgetCommand(), "--model", "m", "--out", "x", ...args), original);

describe("the settings of forgetting", () => {
  it("have the model's batch size and seed where none are given", () => {
    expect(configOf("--class", "3", "cat")).toEqual({
      model: "m",
      request: { kind: "class", classes: ["3", "cat"] },
      method: "l1-sparse",
      options: {},
      batchSize: 96,
      data: { allowUnverified: false },
      seed: 3,
      engine: "auto",
      precision: "float32",
      device: "cpu",
    });
  });

  it("are what is given, with the method's options by their names", () => {
    const how = ["--method", "ssd", "--alpha", "5", "--importance", "batch", "--batch-size", "8", "--seed", "0"];
    const where = ["--engine", "dense", "--precision", "bf16", "--data-folder", "/data", "--allow-unverified"];
    expect(configOf("--random", "0.1", "--forget-seed", "7", ...how, ...where)).toMatchObject({
      request: { kind: "random", fraction: 0.1 },
      forgetSeed: 7,
      method: "ssd",
      options: { alpha: 5, importance: "batch" },
      batchSize: 8,
      seed: 0,
      engine: "dense",
      precision: "bf16",
      data: { folder: "/data", allowUnverified: true },
    });
  });
});

describe("what to forget", () => {
  it("is a list with what is said beside it", () => {
    const rows = ["--id-column", "record", "--where", "customer=C=1", "--where", "split=train"];
    const how = ["--match", "case,filename", "--skip-untrained", "--also-test", "--faults", "f.csv"];
    expect(configOf("--ids", "a.csv", ...rows, ...how).request).toEqual({
      kind: "ids",
      file: "a.csv",
      idColumn: "record",
      where: { customer: "C=1", split: "train" },
      match: ["case", "filename"],
      skipUntrained: true,
      alsoTest: true,
      faults: "f.csv",
    });
    expect(configOf("--indices", "a.csv").request).toEqual({ kind: "indices", file: "a.csv" });
    expect(configOf("--class", "-1").request).toEqual({ kind: "class", classes: ["-1"] });
  });

  it("is said in one way", () => {
    expect(requestOf({ count: 5 })).toEqual({ kind: "random", count: 5 });
    expect(requestOf({ ids: "ids.csv" })).toEqual({ kind: "ids", file: "ids.csv" });
    const two = thrownBy(() => configOf("--class", "3", "--count", "5"));
    expect([two.code, two.message]).toEqual(["E_ARG", expect.stringMatching(/got `classes` and `count`$/)]);
  });
});

it("the help is short, and grouped", () => {
  const command = program().commands.find((each) => each.name() === "forget");
  const help = helpOf(command as never);
  const headings = help.match(/^[A-Z].*:$/gm);
  expect(headings).toEqual([
    "What to forget:",
    "Data:",
    "How:",
    "Where it runs:",
    "Output:",
    "Definitions:",
    "Examples:",
  ]);
  expect(help.split("\n").length).toBeLessThan(75);
});
