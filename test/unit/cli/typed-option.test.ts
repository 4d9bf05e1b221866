import { Command } from "@commander-js/extra-typings";
import { describe, expect, it } from "vitest";
import { withTypedOption } from "../../../src/cli/typed-option.ts";
import { CoppiceError } from "../../../src/util/errors.ts";

const command = new Command("train")
  .option("--lr <rate>", "rate", "0.1")
  .option("--num-train <n>", "images")
  .option("--validation <fraction>", "share")
  .option("--seed <n>", "seed");
command.parse(["--lr", "-1", "--num-train", "0", "--validation", "2"], { from: "user" });

const said = (message: string): string =>
  (withTypedOption(new CoppiceError("E_ARG", message, { hint: "h" }), command) as Error).message;

describe("an error about a setting", () => {
  it.each([
    ["lr: expected a number > 0, got -1", "--lr: expected a number > 0, got -1"],
    ["numTrain: expected an integer >= 1, got 0", "--num-train: expected an integer >= 1, got 0"],
    ["validationFraction: expected a number in [0, 1), got 2", "--validation: expected a number in [0, 1), got 2"],
    ["finetune lr: expected a number > 0, got -1", "finetune --lr: expected a number > 0, got -1"],
  ])("names the flag that was typed: %s", (message, typed) => {
    expect(said(message)).toBe(typed);
  });

  it.each([
    "seed: expected an integer >= 0, got -1",
    "runs/lr: expected a run",
    "lr was too high",
    "frob: expected x, got y",
  ])("stays as it is where no such flag was typed: %s", (message) => {
    expect(said(message)).toBe(message);
  });

  it("keeps code, hint and stack, and leaves what is no error for the user", () => {
    const error = new CoppiceError("E_CONFIG", "lr: expected x, got y", { hint: "h" });
    const { code, hint, stack } = withTypedOption(error, command) as CoppiceError;
    expect([code, hint, stack]).toEqual(["E_CONFIG", "h", error.stack]);
    const ours = new TypeError("lr: expected x, got y");
    expect(withTypedOption(ours, command)).toBe(ours);
    expect(withTypedOption(error, undefined)).toBe(error);
  });
});
