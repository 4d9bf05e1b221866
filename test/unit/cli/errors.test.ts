import { CommanderError } from "@commander-js/extra-typings";
import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { exitCodes, reportError, whereHelpIs } from "../../../src/cli/errors.ts";
import { Interrupted } from "../../../src/train/index.ts";
import { printable } from "../../../src/util/shown.ts";
import { CoppiceError } from "../../../src/util/errors.ts";
import { printedBy } from "../../support/command-line.ts";

async function reported(error: unknown, debug = false): Promise<{ code: number | undefined; text: string }> {
  let code: number | undefined;
  const { errors } = await printedBy(() => (code = reportError(error, debug)));
  return { code, text: stripVTControlCharacters(errors) };
}

describe("what the user sees of an error", () => {
  it("is its sentence and its hint, with 2 for wrong usage and 1 for everything else", async () => {
    const usage = new CoppiceError("E_ARG", "lr: expected a number > 0, got -1", { hint: "try 0.1" });
    expect(await reported(usage)).toEqual({
      code: 2,
      text: `error: lr: expected a number > 0, got -1\n  try 0.1\n${whereHelpIs}\n`,
    });
    const data = new CoppiceError("E_DATA", "x: expected a file, got none");
    expect(await reported(data)).toEqual({ code: 1, text: "error: x: expected a file, got none\n" });
  });

  it("is what the system has said where that was not foreseen", async () => {
    const refused = Object.assign(new Error("EMFILE: too many open files, open 'x'"), {
      code: "EMFILE",
      syscall: "open",
      path: "x",
    });
    expect(await reported(refused)).toEqual({
      code: 1,
      text: "error: x: expected to be allowed to open, got: EMFILE: too many open files, open 'x'\n",
    });
  });

  it("ends where causes run in a circle", async () => {
    const error = new Error("a");
    error.cause = error;
    expect((await reported(error, true)).text.match(/caused by/g)).toHaveLength(10);
  });

  it("is a request to report it where it is ours", async () => {
    const { code, text } = await reported(new RangeError("off by one"));
    expect([code, text]).toEqual([
      1,
      expect.stringMatching(/^internal error: off by one\n {2}please report it.*--debug/),
    ]);
  });

  it("has a stack trace, with those of its causes, under --debug only", async () => {
    const error = new CoppiceError("E_NATIVE", "mm failed", { cause: new Error("shapes"), hint: "transpose it" });
    expect((await reported(error)).text).not.toContain("    at ");
    const { text } = await reported(error, true);
    expect(text).toMatch(/^CoppiceError: mm failed\n {4}at .*caused by Error: shapes\n {4}at .*\n {2}transpose it\n$/s);
  });

  it("is no error where the run was stopped", async () => {
    for (const stop of [new Interrupted(), new DOMException("stop", "AbortError")])
      expect(await reported(stop)).toEqual({
        code: exitCodes.interrupted,
        text: "\nStopped. What was done is saved.\n",
      });
  });

  it("has nothing in it that a terminal obeys, and no line that fills it", async () => {
    const error = new CoppiceError("E_DATA", `a\u001b[2J\u202e${"x".repeat(1e6)}\n  line 2`, { hint: "try\u0007" });
    const { text } = await reported(error);
    expect(text).toMatch(/^error: a\\u001b\[2J\\u202ex+… \(1000006 characters\)\n {2}line 2\n {2}try\\u0007\n$/);
    expect(text.length).toBeLessThan(1200);
    const traced = (await reported(error, true)).text;
    expect(printable(traced)).toBe(traced);
  });

  it("is what commander has printed already", async () => {
    expect(await reported(new CommanderError(2, "commander.unknownOption", "no"))).toEqual({ code: 2, text: "" });
  });
});
