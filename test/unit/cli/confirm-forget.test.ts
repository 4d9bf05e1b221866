import { PassThrough } from "node:stream";
import { afterEach, describe, expect, it, vi } from "vitest";
import { confirmForget, forgetSetLines } from "../../../src/cli/confirm-forget.ts";

const set = {
  count: 1200,
  of: 5000,
  scenario: "the 1200 images listed in a.csv (sha256 01234567)",
  classes: [
    { name: "3 (cat)", count: 1199, of: 1300 },
    { name: "5 (dog)", count: 1, of: 900 },
  ],
  first: ["train/cat/1.png", "train/cat/2\u202e.png", "train/cat/3.png"],
};

describe("what will be forgotten", () => {
  it("is said with its classes and first ids", () => {
    expect(forgetSetLines(set).map((line) => line.replaceAll("\u202f", " "))).toEqual([
      "to forget: 1,200 images of the 5,000 trained on: the 1200 images listed in a.csv (sha256 01234567)",
      "  class 3 (cat): 1,199 of 1,300 images",
      "  class 5 (dog): 1 of 900 images",
      '  the first 3: "train/cat/1.png", "train/cat/2\\u202e.png", "train/cat/3.png"',
    ]);
    const many = Array.from({ length: 12 }, (_, i) => ({ name: `${i}`, count: 1, of: 2 }));
    expect(forgetSetLines({ ...set, classes: many }).at(-2)).toBe("  and images of 2 more classes");
    expect(forgetSetLines({ ...set, count: 1, first: ["a"], classes: [] }).at(-1)).toBe('  "a"');
  });
});

describe("the question", () => {
  const terminal = { stdin: process.stdin, stderr: process.stderr };
  afterEach(() => {
    for (const [name, stream] of Object.entries(terminal))
      Object.defineProperty(process, name, { value: stream, configurable: true });
  });

  /** What is logged, and what is asked. */
  async function confirm(
    input: string | undefined,
    options: { yes?: boolean; isTTY?: boolean } = {},
  ): Promise<string[]> {
    const { yes = false, isTTY = true } = options;
    const stdin = Object.assign(new PassThrough(), { isTTY });
    const stderr = Object.assign(new PassThrough(), { isTTY });
    Object.defineProperty(process, "stdin", { value: stdin, configurable: true });
    Object.defineProperty(process, "stderr", { value: stderr, configurable: true });
    const log = vi.fn<(line: string) => void>();
    const done = confirmForget({ yes, log })(set);
    if (input === undefined) stdin.end();
    else stdin.write(input);
    await done;
    return [...log.mock.calls.flat(), String(stderr.read() ?? "")];
  }

  it("is answered by yes", async () => {
    for (const answer of ["yes\n", "y\n", " YES \n"])
      expect((await confirm(answer)).at(-1)).toContain("forget these images? (yes or no) ");
  });

  it.each(["no\n", "\n", "yesterday\n", undefined])("stops at %j", async (answer) => {
    await expect(confirm(answer)).rejects.toMatchObject({
      code: "E_CONFIG",
      message: `forget: expected the answer yes, got ${JSON.stringify((answer ?? "").trim())}`,
    });
  });

  it("is not asked where it is answered already, nobody is there, or nothing is forgotten", async () => {
    expect((await confirm(undefined, { yes: true })).at(-1)).toBe("");
    expect((await confirm(undefined, { isTTY: false })).at(-1)).toBe("");
    const log = vi.fn<(line: string) => void>();
    await confirmForget({ yes: false, log })({ ...set, count: 0 });
    expect(log).not.toHaveBeenCalled();
  });
});
