import { Command, type Option } from "@commander-js/extra-typings";
import { describe, expect, it } from "vitest";
import {
  type Choice,
  choosableList,
  choosableWords,
  chosenFrom,
  defaultOf,
  flagOf,
  flagsOf,
  givenOptions,
  optionWords,
  valuesOf,
} from "../../../src/cli/choice.ts";
import { thrownBy } from "../../support/thrown-by.ts";

const source = "the paper";
const choice: Choice = {
  flag: "--shape",
  all: () => [
    {
      name: "circle",
      title: "Circle",
      description: "is round",
      source,
      cost: "little",
      options: {
        radius: { type: "number", default: 2, min: 0, aboveMin: true, description: "distance to the rim", source },
        lineStyle: {
          type: "choice",
          default: "solid",
          choices: ["solid", "dashed"],
          description: "of the rim",
          source,
        },
      },
    },
    {
      name: "polygon",
      title: "Polygon",
      description: "has corners",
      source,
      options: {
        radius: { type: "number", default: 3, min: 0, description: "distance to the corners", source },
        corners: { type: "integer", default: "original", min: 3, max: 9, description: "how many", source },
        lineStyle: { type: "choice", default: "dotted", choices: ["dotted"], description: "of the sides", source },
      },
    },
  ],
};
const [circle, polygon] = choice.all() as [ReturnType<Choice["all"]>[number], ReturnType<Choice["all"]>[number]];

const flagNamed = (flags: readonly Option[], long: string): Option =>
  flags.find((flag) => flag.long === long) ?? expect.fail(`no ${long}`);

describe("what was chosen", () => {
  it("is found by name, in the order of the registry", () => {
    expect(chosenFrom(choice, ["polygon", "circle"]).map(({ name }) => name)).toEqual(["circle", "polygon"]);
    expect(chosenFrom(choice, [])).toEqual([]);
  });

  it("must exist", () => {
    const error = thrownBy(() => chosenFrom(choice, ["circle", "poligon"]));
    expect(error.message).toBe('--shape: expected one of circle, polygon, got "poligon"');
    expect(error.hint).toBe("did you mean polygon?");
    expect(error.code).toBe("E_ARG");
  });
});

describe("flags", () => {
  it("of what was chosen have its words, those of others are accepted and hidden", () => {
    const flags = flagsOf(choice, [circle], false);
    expect(flags.map(({ long, hidden }) => [long, hidden])).toEqual([
      ["--radius", false],
      ["--line-style", false],
      ["--corners", true],
    ]);
    expect(flagNamed(flags, "--radius").description).toBe("distance to the rim; a number > 0. Default: 2 (the paper)");
    expect(flagNamed(flags, "--radius").helpGroupHeading).toBe("Options of circle:");
  });

  it("are all hidden where nothing was chosen by name", () => {
    expect(flagsOf(choice, [circle], true).every(({ hidden }) => hidden)).toBe(true);
  });

  it("of several have the words of each", () => {
    const radius = flagNamed(flagsOf(choice, [circle, polygon], false), "--radius");
    expect(radius.description).toMatch(/^circle: distance to the rim.*\. polygon: distance to the corners/);
    expect(radius.helpGroupHeading).toBe("Options of circle and polygon:");
  });

  it.each([
    [[circle], "--line-style", "dashed", "dashed"],
    [[circle, polygon], "--line-style", "dotted", "dotted"],
    [[polygon], "--corners", "4", 4],
    [[circle], "--radius", "1.5", 1.5],
    // Of what was not chosen: the stage refuses it, and names what has it.
    [[circle], "--corners", "4.5", 4.5],
    [[polygon], "--radius", "7", 7],
    [[], "--line-style", "wavy", "wavy"],
  ])("of %o parse %s %s", (chosen, flag, text, value) => {
    expect(flagNamed(flagsOf(choice, chosen, false), flag).parseArg?.(text, undefined)).toBe(value);
  });

  it.each([
    [[circle], "--line-style", "dotted", "expected one of solid, dashed"],
    [[polygon], "--corners", "4.5", "expected a whole number"],
    [[circle, polygon], "--radius", "far", "expected a number"],
  ])("of %o refuse %s %s", (chosen, flag, text, message) => {
    expect(() => flagNamed(flagsOf(choice, chosen, false), flag).parseArg?.(text, undefined)).toThrow(message);
  });

  it("may begin with a prefix, and their values come back under the options' names", () => {
    const prefixed = { ...choice, prefix: "shape" };
    expect(flagOf(prefixed, "lineStyle")).toBe("--shape-line-style");
    const command = new Command().option("--radius <n>");
    for (const flag of flagsOf(prefixed, [circle], false)) command.addOption(flag);
    command.parse(["--radius", "1", "--shape-radius", "2", "--shape-line-style", "dashed"], { from: "user" });
    expect(givenOptions(prefixed, command.opts())).toEqual({ radius: 2, lineStyle: "dashed" });
    expect(givenOptions(choice, { radius: 3, seed: 1, corners: undefined })).toEqual({ radius: 3 });
  });
});

describe("words", () => {
  it("say values and default", () => {
    const { corners, lineStyle } = polygon.options;
    expect(corners && optionWords(corners)).toBe(
      "how many; an integer >= 3 and <= 9. Default: as the original was trained (the paper)",
    );
    expect(lineStyle && valuesOf(lineStyle)).toBe("one of dotted");
    expect(lineStyle && defaultOf(lineStyle)).toBe("dotted");
  });

  it("introduce what was chosen", () => {
    expect(choosableWords(circle)).toBe("\nCircle: is round\n  Cost: little\n  Source: the paper");
    expect(choosableWords(polygon)).toBe("\nPolygon: has corners\n  Source: the paper");
    expect(choosableList(choice.all())).toBe("  circle   is round\n  polygon  has corners");
  });
});
