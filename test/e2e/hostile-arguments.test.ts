/** Whatever is typed behind `coppice`, it ends with a sentence and one of four exit codes: never a stack trace, a request to report it, or a hang. */
import { mkdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { program as commandLineProgram } from "../../src/cli/main.ts";
import { printable } from "../../src/util/shown.ts";
import { commandLine, type Ended, programFolder } from "../support/program.ts";
import { specialFiles } from "../support/special-files.ts";

const folder = programFolder();
afterAll(() => rmSync(folder, { recursive: true }));

const RUNS = 100;
/** After which a command is asked to stop, as by Ctrl-C: those that are used rightly would work. */
const PATIENCE = 400;

const tiny = ["--data", "embedded", "--num-train", "60", "--num-test", "20"];

beforeAll(async () => {
  process.env["COPPICE_DATA"] = join(folder, "no-data");
  specialFiles.forEach(([, make], i) => make(join(folder, `special-${i}`)));
  writeFileSync(join(folder, "empty"), "");
  writeFileSync(join(folder, "bytes"), Buffer.from(Array.from({ length: 999 }, (_, i) => (i * 7919) % 256)));
  writeFileSync(join(folder, "text.csv"), "id\nx\n");
  writeFileSync(join(folder, "huge"), "");
  truncateSync(join(folder, "huge"), 2 ** 33);
  mkdirSync(join(folder, "folder"));
  mkdirSync(join(folder, "run-like"));
  writeFileSync(join(folder, "run-like", "run.json"), "{");
  const made = await commandLine(folder, "train", ...tiny, "--arch", "resnet20s", "--epochs", "1", "--out", "original");
  expect(made.code).toBe(0);
});

const paths = ["empty", "bytes", "text.csv", "huge", "folder", "run-like", "original", "original/run.json"];
const elsewhere = [
  "nowhere",
  "new/er",
  "/proc/x",
  "/dev/full",
  "/dev/null/x",
  ".",
  "x".repeat(300),
  ...specialFiles.map((_, i) => `special-${i}`),
];
const numbers = ["-1", "0", "1", "2", "0.5", "1e309", "NaN", "9007199254740993", "-0", "1e-300"];
const texts = [
  "",
  " ",
  "0x10",
  "٣",
  "cat",
  "a,b",
  "constructor",
  "__proto__",
  "toString",
  "epochs=1",
  "l1-sparse.gamma=x",
];
const hostile = [
  "\u001b[2J",
  "a\u202eb",
  "\u0000",
  "a\u0000b",
  "\ud800",
  "\n",
  "x\ny",
  "%s%d",
  "$(id)",
  "{}",
  "[1",
  "x".repeat(100_000),
];
const addresses = ["redis://127.0.0.1:1", "redis://", "http://x", "redis://[::", "redis://a:b@127.0.0.1:1/x"];
const value = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...paths, ...elsewhere) },
  { weight: 3, arbitrary: fc.constantFrom(...numbers) },
  { weight: 3, arbitrary: fc.constantFrom(...texts, ...hostile, ...addresses) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 20 }) },
);

/** What makes a command end soon that was used rightly: the last word counts. */
const safe: Readonly<Record<string, readonly string[]>> = {
  train: [...tiny, "--arch", "resnet20s", "--epochs", "1"],
  poison: tiny,
  demo: ["--data", "embedded"],
  experiment: ["--data-folder", "no-data"],
  theory: ["--data-folder", "no-data"],
  transfer: ["--data-folder", "no-data"],
};

/** Commands with their own flags, some of them twice, with values or without, and with arguments. */
const leaves = commandLineProgram().commands.flatMap((command) =>
  command.commands.length === 0
    ? [{ words: [command.name()], command }]
    : command.commands.map((below) => ({ words: [command.name(), below.name()], command: below })),
);
type Leaf = (typeof leaves)[number]["command"];

/** A value that may well be right for the flag. */
function fitting({ flags, long, argChoices }: Leaf["options"][number]): fc.Arbitrary<string> {
  if (argChoices !== undefined) return fc.constantFrom(...argChoices);
  if (/<(n|fraction|rate|value|seconds)>/.test(flags)) return fc.constantFrom(...numbers);
  if (long === "--out") return fc.constantFrom("new/er", "folder", "nowhere");
  if (/<(run|model)>/.test(flags)) return fc.constant("original");
  return fc.constantFrom(...paths, ...texts);
}

/** Mostly what a parser takes, so that the stages behind it are reached. */
const usually = <T>(likely: fc.Arbitrary<T>, other: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 5, arbitrary: likely }, { weight: 1, arbitrary: other });

const withValue = (option: Leaf["options"][number]): fc.Arbitrary<string[]> =>
  option.required
    ? usually(fitting(option), value).map((text) => [option.long ?? "", text])
    : fc.constant([option.long ?? ""]);

const argv = fc
  .constantFrom(...leaves.filter(({ words: [name] }) => !["setup", "help"].includes(name ?? "")))
  .chain(({ words, command }) => {
    const count = command.registeredArguments.length;
    const ownArguments = fc.array(usually(fc.constant("original"), value), { minLength: count, maxLength: count });
    const needed = command.options.filter((option) => option.mandatory && option.defaultValue === undefined);
    const requests = command.options.some(({ long }) => long === "--class") ? [["--class", "0"]] : [];
    const others = command.options.filter(({ long }) => long !== "--plugin");
    const some = fc.array(fc.constantFrom(...others).chain(withValue), { maxLength: 4 });
    const odd = fc.array(
      usually(
        value.map((text) => [text]),
        value.map((text) => ["--plugin", text]),
      ),
      { maxLength: 1 },
    );
    return fc
      .tuple(
        ownArguments,
        usually<string[][]>(fc.tuple(...needed.map(withValue)), fc.constant([])),
        usually<string[][]>(fc.constant(requests), fc.constant([])),
        some,
        usually<string[][]>(fc.constant([]), odd),
      )
      .map(([first, ...rest]) => [...words, ...first, ...rest.flat(2), ...(safe[words[0] ?? ""] ?? [])]);
  });

/** Runs it, and asks it to stop after a moment, once. */
async function ended(args: readonly string[]): Promise<Ended> {
  const exit = vi.spyOn(process, "exit").mockImplementation(() => undefined as never);
  const timer = setTimeout(() => process.emit("SIGINT"), PATIENCE);
  try {
    return await commandLine(folder, ...args);
  } finally {
    clearTimeout(timer);
    exit.mockRestore();
  }
}

/** Around the one word that is coloured. */
const [red, plain] = ["\u001b[31m", "\u001b[39m"];

it("any words end in a sentence", async () => {
  await fc.assert(
    fc.asyncProperty(argv, async (args) => {
      const { code, stdout, stderr } = await ended(args);
      const said = `${stdout}${stderr}`.replaceAll(red, "").replaceAll(plain, "");
      expect([0, 1, 2, 130], said).toContain(code);
      expect(said).not.toMatch(/internal error|^ {4}at /m);
      expect(printable(said)).toBe(said);
      expect(stderr.length).toBeLessThan(20_000);
      for (const made of ["new", "nowhere", "jobs"]) rmSync(join(folder, made), { recursive: true, force: true });
    }),
    { numRuns: RUNS },
  );
});
