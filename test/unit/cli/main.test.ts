import { writeFileSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";
import { describe, expect, it, vi } from "vitest";
import { main, program } from "../../../src/cli/main.ts";
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
