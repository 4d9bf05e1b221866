/** Words that a reader who knows PyTorch and the papers would have to ask about, and what to write instead. */
import { describe, expect, it } from "vitest";
import { matchingLines, type SourceFile, sourceFiles } from "../support/source-files.ts";

interface Word {
  readonly pattern: RegExp;
  readonly write: string;
  /** A line that has it, and one that looks similar and is fine. */
  readonly caught: string;
  readonly fine: string;
}

const words: readonly Word[] = [
  {
    pattern: /worth taking/i,
    write: "multinomial Fisher factors",
    caught: "splits worth taking",
    fine: "the Fisher factors of a sample",
  },
  {
    pattern: /disturb|worsen|\bcalm|shake\b|shaken|silence[ds]?\b|silencing/i,
    write: "perturbation, perturb, clean, perturbed, pruned",
    caught: "const shaken = norm.worsen(disturbance);",
    fine: "const perturbed = norm.perturb(perturbation);",
  },
  {
    pattern: /misleading ?pattern|misleadingPattern|\bin answer\b/i,
    write: "universal adversarial perturbation, implicit hypergradient",
    caught: "the misleading pattern, and how it moves in answer",
    fine: "the answer of the model",
  },
  {
    pattern: /\b(takes?|taken|taking) for (never|un)[- ]?seen/i,
    write: "classifies as non-member",
    caught: "that a membership attack takes for never seen",
    fine: "as if it had never seen them",
  },
  {
    pattern: /\banew\b/i,
    write: "again, from new random weights; `context` for a variable",
    caught: "starts anew",
    fine: "a new network",
  },
  {
    pattern: /\b(he|his|him|himself)\b/,
    write: "it (a process), the user",
    caught: "should he wake up",
    fine: "He et al. 2016",
  },
  {
    pattern: /\b(measured|taught|chosen|asTaken)\(/,
    write: "a verb that says what is done: measureStep, distill, choose",
    caught: "const dense = measured(rows[0]);",
    fine: "// as measured (twice)",
  },
  {
    pattern: /yardstick/i,
    write: "Retrain baseline",
    caught: "Retrain is the yardstick",
    fine: "the Retrain baseline",
  },
  {
    pattern: /contestant/i,
    write: "variant",
    caught: "using dense = contestant(spec);",
    fine: "using dense = buildVariant(spec);",
  },
  {
    pattern: /\bplay(s|ed|ing)?\b.*(image|role|never|unseen)/i,
    write: "stand for unseen images",
    caught: "which images play the never-seen role",
    fine: "which images stand for unseen ones",
  },
  {
    pattern: /suspects? (somebody|someone|nobody|no one|everybody)/i,
    write: "find suspects, find no suspects",
    caught: "a detector that suspects nobody",
    fine: "a detector that finds no suspects",
  },
  {
    pattern: /\bnothing (is )?known\b|\bknows nothing\b/i,
    write: "unknown, absent, untrained",
    caught: "undefined where nothing is known of it",
    fine: "undefined where it is unknown",
  },
  {
    pattern: /\bgoing on\b|\bleft alone\b/i,
    write: "running, continuing; unchanged, not read",
    caught: "interrupted and going on",
    fine: "ongoing only once",
  },
  {
    pattern: /\bof (its|their|one's) own\b/i,
    write: "separate, private, independent",
    caught: "every model is a run of its own",
    fine: "your own method",
  },
];

/** The titles of a test file's tests, on the lines where they are. */
function titlesOf({ path, text }: SourceFile): SourceFile {
  const titles = text.split("\n").map((line) => /\b(?:it|describe)\b.*?\(\s*(["'`].*)/.exec(line)?.[1] ?? "");
  return { path, text: titles.join("\n") };
}

/** `path:line: text, write …` of every hit. */
function hitsIn(file: SourceFile): string[] {
  return words.flatMap(({ pattern, write }) =>
    matchingLines(file, pattern).map((line) => `${line}  (write: ${write})`),
  );
}

const tests = sourceFiles("test", /\.test\.ts$/).filter(({ path }) => path !== "test/rules/words.test.ts");
const looked = [
  ...["src", "native"].flatMap((folder) => sourceFiles(folder, /\.(ts|cc|h)$/)),
  ...sourceFiles("", /^(docs\/.*|[A-Z]+)\.md$/),
  ...tests.map(titlesOf),
];

describe("plain words", () => {
  it("are used everywhere", () => {
    expect(looked.length).toBeGreaterThan(500);
    expect(looked.flatMap(hitsIn)).toEqual([]);
  });

  it.each(words)("would be seen missing: $caught", ({ pattern, caught, fine }) => {
    expect(caught).toMatch(pattern);
    expect(fine).not.toMatch(pattern);
  });

  it("are looked for in titles of tests, not in what they compute", () => {
    const text = 'const anew = 1;\nit("starts anew", () => {});\nit.each([1])("ends anew %s", () => {});\n';
    expect(hitsIn(titlesOf({ path: "a.test.ts", text })).map((line) => line.split(":")[1])).toEqual(["2", "3"]);
  });
});
