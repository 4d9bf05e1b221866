import { Command, Option } from "@commander-js/extra-typings";
import { describe, expect, it } from "vitest";
import { ChoiceCommand } from "../../../src/cli/choice-command.ts";
import { detectorChoice, methodChoice } from "../../../src/cli/choices.ts";
import { rememberFile } from "../../../src/plugins/index.ts";
import { methodNamed } from "../../../src/unlearn/index.ts";
import { helpOf, optionsFrom } from "../../support/command-line.ts";
import { thrownBy } from "../../support/thrown-by.ts";

const forget = (): ChoiceCommand => {
  const command = new ChoiceCommand("forget", methodChoice);
  command.requiredOption("--model <run>", "model").option("--method <name>", "method", "l1-sparse");
  return command;
};
const compare = (): ChoiceCommand => {
  const command = new ChoiceCommand("compare", methodChoice, { ...detectorChoice, prefix: "detect" });
  command.option("--method <names...>", "methods", ["l1-sparse"]).option("--detector <name>", "detector");
  return command;
};

describe("a command whose options depend on a name", () => {
  it("shows no method's options where none is named", () => {
    const help = helpOf(forget());
    expect(help).toContain("--method");
    expect(help).not.toMatch(/--gamma|--alpha|Options of/);
  });

  it("shows those of the method that is named, wherever its name stands", () => {
    for (const args of [["--method", "ssd"], ["--method=ssd"], ["--alpha", "3", "--method", "ssd"]]) {
      const help = helpOf(forget(), ...args);
      expect(help).toContain("Options of ssd:");
      expect(help.replaceAll(/\s+/g, " ")).toContain(
        `--alpha <value> ${methodNamed("ssd").options["alpha"]?.description}`,
      );
      expect(help).toContain("Selective synaptic dampening (SSD): ");
      expect(help).not.toContain("--gamma");
    }
  });

  it("shows those of several", () => {
    const help = helpOf(compare(), "--method", "finetune", "l1-sparse", "--detector", "strip");
    expect(help).toMatch(/Options of finetune and l1-sparse:[^]*--lr[^]*Options of l1-sparse:[^]*--gamma/);
    expect(help).toMatch(/Options of strip:[^]*--detect-false-alarms/);
  });

  it("reads the options of the method that is named, of the default, and of any other", () => {
    const model = ["--model", "x"];
    expect(optionsFrom(forget(), ...model, "--gamma", "1e-3")).toEqual({
      model: "x",
      method: "l1-sparse",
      gamma: 0.001,
    });
    expect(optionsFrom(forget(), "--alpha", "3", ...model, "--method", "ssd")).toMatchObject({
      method: "ssd",
      alpha: 3,
    });
    // The stage refuses it, and says which options the method has.
    expect(optionsFrom(forget(), ...model, "--method", "ssd", "--gamma", "1")).toMatchObject({
      method: "ssd",
      gamma: 1,
    });
    expect(optionsFrom(compare(), "--detect-alpha", "0.4")).toMatchObject({ detectAlpha: 0.4 });
  });

  it("refuses wrong values, flags and names", () => {
    const refused = (...args: string[]): unknown => {
      try {
        return optionsFrom(forget(), "--model", "x", ...args);
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(refused("--method", "ssd", "--importance", "pixel")).toContain("expected one of sample, batch");
    expect(refused("--gama", "1")).toMatch(/unknown option '--gama'.*Did you mean --gamma\?/s);
    expect(refused("--method", "ssd", "--alfa", "1")).toMatch(/unknown option '--alfa'.*Did you mean --alpha\?/s);
    expect(refused("--method")).toContain("option '--method <name>' argument missing");
    expect(thrownBy(() => optionsFrom(forget(), "--method", "sssd")).hint).toBe("did you mean ssd?");
  });

  it("refuses an option of a definition that is another flag of the command, and says whose it is", () => {
    const option = { type: "number", default: 1, min: 0, description: "d", source: "s" } as const;
    const mine = {
      name: "mine",
      title: "t",
      description: "d",
      source: "s",
      options: { seed: option, debug: option, gamma: option },
    };
    const command = (...flags: string[]): ChoiceCommand => {
      const made = new ChoiceCommand("forget", { flag: "--method", kind: "method", all: () => [mine] });
      made.option("--method <name>", "method", "mine");
      for (const flag of flags) made.option(`${flag} <n>`, "d");
      return made;
    };
    rememberFile("method", "mine", { path: "/plugins/mine.ts", sha256: "0".repeat(64) });
    expect(optionsFrom(command("--lr"), "--seed", "2")).toMatchObject({ seed: 2 });
    expect(thrownBy(() => optionsFrom(command("--seed"), "--seed", "2"))).toMatchObject({
      code: "E_ARG",
      message:
        "method mine of /plugins/mine.ts: expected no option named seed, since --seed is one of coppice forget, got one",
    });
    const below = command();
    new Command("coppice").option("--debug", "d").addCommand(below);
    expect(thrownBy(() => optionsFrom(below)).message).toContain("expected no option named debug");
  });

  it("leaves the choices of the naming flag to it", () => {
    const command = new ChoiceCommand("detect", detectorChoice);
    command.addOption(new Option("--detector <name>", "detector").choices(["strip"]));
    expect(() => optionsFrom(command, "--detector", "strop")).toThrow("Allowed choices are strip");
  });
});
