/** Habits of the code that no linter looks after. Each test prints file, line and text. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  matchingLines,
  repositoryRoot,
  sourceFiles,
  withoutComments,
  writtenSources,
} from "../support/source-files.ts";

interface Rule {
  readonly name: string;
  readonly pattern: RegExp;
  /** Files in which it does not hold. */
  readonly except: RegExp;
  readonly caught: string;
  readonly fine: string;
}

const nowhere = /^$/;

/** Rules for src/, comments left out. */
const rules: readonly Rule[] = [
  {
    name: "users get a CoppiceError",
    pattern: /\bthrow new (Type|Range|Syntax|Reference)?Error\(/,
    except: /^src\/util\/errors\.ts$/,
    caught: 'throw new Error("no");',
    fine: 'throw new CoppiceError("E_ARG", "no");',
  },
  {
    name: "the environment is read in one place",
    pattern: /\bprocess\.env\b/,
    except: /^src\/util\/environment\.ts$/,
    caught: 'const home = process.env["HOME"];',
    fine: "process.exitCode = 1;",
  },
  {
    name: "percent exists alone where people read it",
    pattern: /\b\w*([a-z]P|\bp)(ercent|ct)(?![a-z])\w*/,
    except: /^src\/(format|findings|report|cli)\//,
    caught: "const accuracyPercent = 93.1;",
    fine: "const accuracy = 0.931;",
  },
  {
    name: "no empty catch",
    pattern: /\bcatch\s*(\(\w*\)\s*)?\{\s*\}/,
    except: nowhere,
    caught: "try { open(); } catch {}",
    fine: "try { open(); } catch (error) { report(error); }",
  },
  {
    name: "no global random numbers",
    pattern: /\bMath\.random\(/,
    except: nowhere,
    caught: "const x = Math.random();",
    fine: "const x = random.next();",
  },
];

describe.each(rules)("$name", ({ pattern, except, caught, fine }) => {
  it("holds in src/", () => {
    const files = writtenSources().filter(({ path }) => !except.test(path));
    expect(files.length).toBeGreaterThan(0);
    const code = files.map(({ path, text }) => ({ path, text: withoutComments(text) }));
    expect(code.flatMap((file) => matchingLines(file, pattern))).toEqual([]);
  });

  it("would be seen broken", () => {
    expect(matchingLines({ path: "a.ts", text: caught }, pattern)).toHaveLength(1);
    expect(matchingLines({ path: "a.ts", text: fine }, pattern)).toEqual([]);
  });
});

describe("file names", () => {
  const catchAll = /(^|\/)(utils?|helpers?|commons?|misc|stuff|shared)(\.[\w.]+)?$/;

  it("say what is inside", () => {
    const names = ["src", "test", "bench", "scripts", "native"].flatMap((folder) => sourceFiles(folder));
    expect(names.map(({ path }) => path).filter((path) => catchAll.test(path))).toEqual([]);
  });

  it("would be seen broken", () => {
    expect(["src/data/utils.ts", "test/helpers.ts", "native/ops/common.h"].every((path) => catchAll.test(path))).toBe(
      true,
    );
    expect(["src/util/errors.ts", "src/data/split.ts"].some((path) => catchAll.test(path))).toBe(false);
  });
});

describe("generated files", () => {
  it("name their generator in the first line", () => {
    const generated = sourceFiles("src", /\.generated\.ts$/);
    const orphans = generated.filter(({ text }) => {
      const [, generator = ""] = /\b(scripts\/[\w-]+\.ts)\b/.exec(text.split("\n", 1)[0] ?? "") ?? [];
      return generator === "" || !existsSync(join(repositoryRoot, generator));
    });
    expect(orphans.map(({ path }) => path)).toEqual([]);
  });
});

describe("tests", () => {
  const narrowed = /\b(it|test|describe)(\.\w+)*\.(only|todo|fails)\b|\bx(it|describe)\(/;
  // What needs a file or a program that is not here says so by name; the reporter lists it.
  const skipped = /\b(it|test|describe)(\.\w+)*\.skip\((?!["'`]left out)/;

  it("are neither narrowed nor switched off", () => {
    const files = sourceFiles("test", /\.ts$/).filter(({ path }) => path !== "test/rules/code.test.ts");
    expect(files.flatMap((file) => matchingLines(file, narrowed))).toEqual([]);
    expect(files.flatMap((file) => matchingLines(file, skipped))).toEqual([]);
  });

  it("would be seen broken", () => {
    for (const line of ["it.only(", "describe.only(", "test.todo(", "xit(", "it.concurrent.only("])
      expect(line).toMatch(narrowed);
    for (const line of ['it.skip("slow")', "describe.skip(name", "test.concurrent.skip("])
      expect(line).toMatch(skipped);
    expect('it.skip("left out, no disk: is full")').not.toMatch(skipped);
    expect("it.each([1])(").not.toMatch(narrowed);
  });
});
