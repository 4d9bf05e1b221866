/** The frozen list of flags. After a wanted change: `npx vitest run -u test/unit/cli/flags.test.ts`, and tell it in the change log. */
import { describe, expect, it } from "vitest";
import type { Command, CommandUnknownOpts, Option } from "@commander-js/extra-typings";
import { type Choice, flagOf } from "../../../src/cli/choice.ts";
import {
  attackChoice,
  cleanseDetectorChoice,
  detectorChoice,
  methodChoice,
  prunerChoice,
} from "../../../src/cli/choices.ts";
import { batchSize, dataFlags, forgetFlags, seed } from "../../../src/cli/flags.ts";
import { program } from "../../../src/cli/main.ts";
import { forgetCommand } from "../../../src/cli/commands/forget.ts";
import { trainCommand } from "../../../src/cli/commands/train.ts";

const choices: readonly (readonly [string, Choice])[] = [
  ["forget, tune and cleanse", methodChoice],
  ["detect", detectorChoice],
  ["cleanse", cleanseDetectorChoice],
  ["poison", attackChoice],
  ["prune", prunerChoice],
];

/** `--epochs <n>   182`: a flag and its default. */
function line(option: Option): string {
  const { flags, defaultValue, mandatory } = option as Option & { readonly defaultValue?: unknown };
  const value = mandatory && defaultValue === undefined ? "required" : defaultValue;
  return `  ${flags.padEnd(30)} ${value === undefined ? "" : [value].flat().join(" ")}`.trimEnd();
}

function linesOf(command: CommandUnknownOpts, path: string): string[] {
  const args = command.registeredArguments.map(
    (argument) => ` ${argument.required ? `<${argument.name()}>` : `[${argument.name()}]`}`,
  );
  return [
    `${path}${args.join("")}`,
    ...command.options.map(line),
    ...command.commands.flatMap((each) => linesOf(each, `${path} ${each.name()}`)),
  ];
}

function linesOfChoice([commands, choice]: (typeof choices)[number]): string[] {
  return choice
    .all()
    .flatMap(({ name, options }) => [
      `${commands} ${choice.flag} ${name}`,
      ...Object.entries(options).map(
        ([option, spec]) => `  ${`${flagOf(choice, option)} <value>`.padEnd(30)} ${spec.default}`,
      ),
    ]);
}

describe("the flags of every command", () => {
  it("are those of flags.txt", async () => {
    const list = [...linesOf(program(), "coppice"), ...choices.flatMap(linesOfChoice)].join("\n");
    await expect(`${list}\n`).toMatchFileSnapshot("flags.txt");
  });

  it("have words, a heading, and no two of a command the same name", () => {
    const commands = program().commands.flatMap((command) => [command, ...command.commands]);
    for (const command of commands) {
      for (const { flags, description } of command.options)
        expect(description, `${command.name()} ${flags}`).not.toBe("");
      const flags = command.options.map(({ long }) => long);
      expect(new Set(flags).size, command.name()).toBe(flags.length);
    }
  });
});

describe("shared flags", () => {
  it("keep their headings whichever command has them", () => {
    const headingIn = (command: Command, flag: string): string | undefined =>
      command.options.find(({ long }) => long === flag)?.helpGroupHeading;
    expect(headingIn(forgetCommand(), "--batch-size")).toBe("How:");
    expect(headingIn(forgetCommand(), "--device")).toBe("Where it runs:");
    expect(headingIn(trainCommand(), "--device")).toBe("Where it runs:");
    expect(headingIn(trainCommand(), "--force")).toBe("Output:");
  });

  it("parse their values", () => {
    expect(batchSize.parseArg?.("64", undefined)).toBe(64);
    expect(seed.defaultValue).toBe(1);
    expect(forgetFlags.random.parseArg?.("0.25", undefined)).toBe(0.25);
    expect(() => forgetFlags.count.parseArg?.("2.5", undefined)).toThrow("whole number");
    expect(dataFlags.split.argChoices).toEqual(["standard", "reference"]);
  });
});
