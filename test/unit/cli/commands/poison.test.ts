import { describe, expect, it } from "vitest";
import { poisonCommand, poisonConfig } from "../../../../src/cli/commands/poison.ts";
import { helpOf, optionsFrom } from "../../../support/command-line.ts";
import { thrownBy } from "../../../support/thrown-by.ts";

const configOf = (...args: string[]): ReturnType<typeof poisonConfig> =>
  poisonConfig(optionsFrom(poisonCommand(), "--out", "x", ...args));

describe("the settings of an attack", () => {
  it("are one in ten images with the badnets trigger where nothing is given", () => {
    expect(configOf()).toEqual({
      data: { name: "fashion-mnist", allowUnverified: false },
      request: {
        attack: "badnets",
        options: {},
        target: "0",
        ratio: 0.1,
        seed: 1,
        split: { mode: "standard", validationFraction: 0.1, seed: 1 },
      },
    });
  });

  it("are what is given; the seed is that of the split too", () => {
    const { data, request } = configOf(
      ...["--attack", "blended", "--alpha", "0.3", "--target", "cat", "--ratio", "0.05", "--seed", "4"],
      ...["--data", "embedded", "--num-train", "80", "--classes", "1", "2"],
    );
    expect(data).toEqual({ name: "embedded", allowUnverified: false, classes: ["1", "2"], numTrain: 80 });
    expect(request).toMatchObject({ attack: "blended", options: { alpha: 0.3 }, target: "cat", ratio: 0.05, seed: 4 });
    expect(request.split?.seed).toBe(4);
  });

  it("name an existing data set", () => {
    expect(thrownBy(() => configOf("--data", "embeded")).hint).toBe("did you mean embedded?");
  });
});

it("the help lists the attacks, and the options of the one that is named", () => {
  expect(helpOf(poisonCommand())).toMatch(/^ {2}wanet +\S/m);
  expect(helpOf(poisonCommand())).not.toContain("--decoys");
  expect(helpOf(poisonCommand(), "--attack", "wanet")).toContain("--decoys");
});
