import { writeFileSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";
import { describe, expect, it, vi } from "vitest";
import { main, program } from "../../../src/cli/main.ts";
import { printable } from "../../../src/util/shown.ts";
import { printedBy } from "../../support/command-line.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

interface Ended {
  readonly code: number;
  readonly text: string;
}

/** Runs the command line in this process: the exit code, and all that it prints. */
async function run(...argv: string[]): Promise<Ended> {
  let code = Number.NaN;
  const written: string[] = [];
  const write = (text: string | Uint8Array): boolean => written.push(String(text)) > 0;
  const streams = [
    vi.spyOn(process.stdout, "write").mockImplementation(write),
    vi.spyOn(process.stderr, "write").mockImplementation(write),
  ];
  const printed = await printedBy(async () => (code = await main(argv))).finally(() => {
    for (const stream of streams) stream.mockRestore();
  });
  return { code, text: stripVTControlCharacters(`${written.join("")}${printed.out}${printed.errors}`) };
}

describe("coppice --help", () => {
  it("lists every command on one line, by what it is for", async () => {
    const { code, text } = await run("--help");
    expect(code).toBe(0);
    const headings = ["Unlearning:", "Trojaned models:", "Research:", "Set-up and data:"];
    const positions = headings.map((heading) => text.indexOf(`\n${heading}\n`));
    expect(positions).toEqual(positions.toSorted((a, b) => a - b));
    expect(positions[0]).toBeGreaterThan(0);
    const list = text.slice(positions[0], text.indexOf("\nExamples:")).split("\n");
    for (const command of program().commands) {
      const [line = ""] = list.filter((each) => each.startsWith(`  ${command.name()} `));
      expect(line, command.name()).toContain(command.summary());
      expect(command.summary(), command.name()).not.toBe("");
    }
    expect(list.filter((line) => line.startsWith("     "))).toEqual([]); // no second lines
  });
});

describe("exit codes", () => {
  it.each<[string[], number, RegExp]>([
    [["--version"], 0, /^\d+\.\d+\.\d+/],
    [["help", "forget"], 0, /Usage: coppice forget/],
    [["experiment", "theory", "--help"], 0, /Usage: coppice theory/],
    [[], 2, /Usage: coppice/],
    [["trian"], 2, /unknown command 'trian'\n\(Did you mean train\?\)/],
    [["train", "--epocs", "3", "--out", "x"], 2, /Did you mean --epochs\?/],
    [["train"], 2, /required option '--out <folder>' not specified/],
    [["train", "--out", "x", "--lr", "fast"], 2, /argument 'fast' is invalid\. expected a number/],
    [["train", "--out", "x", "--data", "cifar11"], 2, /did you mean cifar10\?/],
    [["methods", "sssd"], 2, /did you mean ssd\?/],
    [
      ["forget", "--method", "finetun", "--model", "x", "--out", "y"],
      2,
      /--method: expected one of .*did you mean finetune\?/s,
    ],
    [["prune", "--model", "x"], 2, /--out: expected the run folder to write, got none/],
    [["evaluate", "nowhere"], 1, /nowhere: expected a run folder, got no such folder/],
  ])("of %j is %i", async (argv, code, said) => {
    const ended = await run(...argv);
    expect(ended.text).toMatch(said);
    expect(ended.code).toBe(code);
    expect(ended.text).not.toContain("    at ");
  });

  it("come with a stack trace where --debug asks for it, before or behind the command", async () => {
    for (const argv of [
      ["--debug", "evaluate", "nowhere"],
      ["evaluate", "nowhere", "--debug"],
    ]) {
      const { code, text } = await run(...argv);
      expect([code, text]).toEqual([1, expect.stringMatching(/^CoppiceError: nowhere: .*\n {4}at /s)]);
    }
  });
});

/** Every command, those of `data` included, as the words that start it. `setup` is a shell script. */
const leaves = program()
  .commands.flatMap((command) =>
    command.commands.length === 0
      ? [{ words: [command.name()], command }]
      : command.commands.map((below) => ({ words: [command.name(), below.name()], command: below })),
  )
  .filter(({ words }) => !["setup", "help"].includes(words.join(" ")));

/** What makes `command` usable as far as its parser goes. */
function needed(command: (typeof leaves)[number]["command"]): string[] {
  const flags = command.options.flatMap(({ mandatory, defaultValue, long, argChoices }) =>
    mandatory && defaultValue === undefined && typeof long === "string" ? [long, argChoices?.[0] ?? "nowhere"] : [],
  );
  return [...command.registeredArguments.filter(({ required }) => required).map(() => "nowhere"), ...flags];
}

describe.each(leaves)("wrong usage of coppice $words", ({ words, command }) => {
  const refused = async (...argv: string[]): Promise<string> => {
    const { code, text } = await run(...words, ...argv);
    expect(code, `${argv.join(" ")}: ${text}`).toBe(2);
    expect(text).toMatch(/\(coppice --help lists the commands, coppice COMMAND --help its options\)\n$/);
    return text;
  };

  it("exits 2 and says where help is", async () => {
    expect(await refused(...needed(command), "--frob")).toContain("--frob");
    await refused(...needed(command), ...command.registeredArguments.map(() => "nowhere"), "extra");
    for (const _ of command.registeredArguments.filter(({ required }) => required))
      await refused(...needed(command).slice(1));
    for (const { long, mandatory, defaultValue } of command.options) {
      if (!mandatory || defaultValue !== undefined || typeof long !== "string") continue;
      const rest = needed(command);
      expect(await refused(...rest.toSpliced(rest.indexOf(long), 2))).toContain(long);
    }
    for (const { long, required, argChoices, flags } of command.options) {
      if (typeof long !== "string" || !required || long === "--plugin") continue;
      const name = flags.slice(flags.indexOf("--"));
      expect(await refused(...needed(command), long)).toMatch(/argument missing/);
      if (argChoices !== undefined) expect(await refused(...needed(command), long, "frob")).toContain(long);
      if (/<(n|fraction|fractions|rate|value|seconds)>/.test(name))
        expect(await refused(...needed(command), long, "frob")).toContain("frob");
    }
  });
});

it("what wrong usage is echoed as never fills or moves the terminal", async () => {
  for (const argv of [
    ["train", "--out", "x", `--${"x".repeat(1e5)}`],
    ["train", "--out", "x", "--lr", "x".repeat(1e5)],
    ["x".repeat(1e5)],
    ["train", "--out", "x", "--\u001b[2J\u202e"],
    ["\u001b[2J"],
    ["methods", "\u001b[2J"],
  ]) {
    const { code, text } = await run(...argv);
    expect(code).toBe(2);
    expect(text.length).toBeLessThan(1200);
    expect(printable(text)).toBe(text);
    expect(text.includes(String.raw`\u001b`)).toBe(argv.join().includes("\u001b"));
  }
});

describe("a configuration that is broken", () => {
  it("is said, and keeps neither help nor reports away", async () => {
    const before = process.cwd();
    process.chdir(temporaryFolder());
    try {
      writeFileSync("coppice.config.mjs", "export default {};\n");
      const help = await run("--help");
      expect(help.code).toBe(0);
      expect(help.text).toMatch(/expected a default export/);
      expect(help.text).toMatch(/^Unlearning:/m);
      const report = await run("report", "nowhere");
      expect(report.text).toMatch(/nowhere: expected a run folder/);
      const other = await run("methods");
      expect([other.code, other.text]).toEqual([1, expect.not.stringContaining("l1-sparse")]);
    } finally {
      process.chdir(before);
    }
  });
});
