import { describe, expect, it } from "vitest";
import { forgetFlagNames, inFlags, namingFlags } from "../../../src/cli/option-names.ts";
import { forgetCommand } from "../../../src/cli/commands/forget.ts";
import { selectionNames } from "../../../src/library/forget-selection.ts";
import { CoppiceError } from "../../../src/util/errors.ts";

describe("names of options", () => {
  it.each([
    ["for 10 % give `random: 0.1`", "for 10 % give --random 0.1"],
    ["`skipUntrained: true` goes on, `faults: FILE` writes", "--skip-untrained goes on, --faults FILE writes"],
    ["one of `classes`, `ids` and `indices`", "one of --class, --ids and --indices"],
    ["`match: case,filename`", "--match case,filename"],
    ["`coppice resume` and `other: 3`, random: 0.1", "`coppice resume` and `other: 3`, random: 0.1"],
  ])("%s", (text, expected) => {
    expect(inFlags(text, forgetFlagNames)).toBe(expected);
  });

  it("are known of everything that says what to forget, and are flags that there are", () => {
    expect(selectionNames.filter((name) => !Object.hasOwn(forgetFlagNames, name))).toEqual([]);
    const flags = forgetCommand().options.map(({ long }) => long);
    expect(Object.values(forgetFlagNames).filter((flag) => !flags.includes(flag))).toEqual([]);
  });

  it("are the command's in its errors, code and the rest as they were", async () => {
    const failing = (code: "E_ARG" | "E_DATA", message: string, hint?: string): Promise<unknown> =>
      namingFlags(() => Promise.reject(new CoppiceError(code, message, hint === undefined ? {} : { hint }))).catch(
        (error: unknown) => error,
      );
    expect(await failing("E_ARG", "forgetSeed: expected an integer >= 0, got -3")).toMatchObject({
      code: "E_ARG",
      message: "--forget-seed: expected an integer >= 0, got -3",
      hint: undefined,
    });
    expect(await failing("E_DATA", "ids: expected `ids`", "`count: 1`")).toMatchObject({
      message: "ids: expected --ids",
      hint: "--count 1",
    });
    const hint = "list each once; `match: case` finds all; ids are `like: this`";
    const fewer = namingFlags(() => Promise.reject(new CoppiceError("E_DATA", "a: b", { hint })), {});
    await expect(fewer).rejects.toMatchObject({ hint: "list each once; ids are `like: this`" });
    const other = new TypeError("ours");
    await expect(namingFlags(() => Promise.reject(other))).rejects.toBe(other);
    expect(await namingFlags(() => Promise.resolve(3))).toBe(3);
  });
});
