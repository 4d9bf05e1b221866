import { describe, expect, it } from "vitest";
import type { BackdoorCell, BackdoorExperimentRecord } from "../../../../src/record/index.ts";
import { renderBackdoorTable } from "../../../../src/report/index.ts";
import { madeUpCell as cell } from "./made-up-backdoor.ts";

const table = (cells: readonly BackdoorCell[], searches: BackdoorExperimentRecord["searches"] = []): string =>
  renderBackdoorTable({ cells, findings: [], remarks: [], searches } as unknown as BackdoorExperimentRecord);

describe("the tables of a grid of cleanses", () => {
  it("are over steps where all cells take as many", () => {
    const text = table([cell("FT", 10), cell("l1-sparse", 10)]);
    for (const form of ["ASR, without the target class", "ASR, reference"])
      expect(text).toContain(`### ${form}, over steps`);
    expect(text).toContain("| badnets | l1-sparse, dense | 92.00 | 62.00 | 52.00 |");
    expect(text).toContain("| Attack | Model | 0 | 10 | 20 |");
    expect(text).toContain("| badnets | l1-sparse, dense | 90.00 | 60.00 | 50.00 |");
  });

  it("are over epochs where they do not, and every cell has all its values", () => {
    const text = table([cell("known 0.5", 10), cell("known 1", 7)]);
    expect(text).toContain("over epochs");
    expect(text).toContain("| Attack | Model | 0 | 1 | 2 |");
    for (const label of ["known 0.5", "known 1"])
      expect(text).toContain(`| badnets | ${label}, dense | 90.00 | 60.00 | 50.00 |`);
  });

  it("are over shares of the cleanse where the numbers of epochs differ, without what has no epochs", () => {
    const long = cell("fine-pruning", 10);
    const short = cell("CLP", 0);
    for (const { trace } of long.repetitions)
      trace.push(
        { step: 30, ASR: 0.2, ASRReference: 0.3, SA: 0.8 },
        { step: 40, ASR: 0.1, ASRReference: 0.2, SA: 0.8 },
      );
    for (const { trace } of short.repetitions) trace.splice(1);
    const [, over = ""] = table([cell("FT", 10), long, short]).split("ASR, without the target class, over");
    expect(over).toContain("percent of the cleanse");
    expect(over).toContain("| Attack | Model | 0 | 10 | 20 | 30 | 40 | 50 | 60 | 70 | 80 | 90 | 100 |");
    expect(over).toMatch(/fine-pruning, dense \| 90.00 \| 90.00 \| 60.00 .* \| 10.00 \|/);
    expect(over).toMatch(/FT, dense \| 90.00 .* \| 50.00 \|/);
    expect(over).not.toContain("CLP");
  });

  it("say which options were chosen, on what, and what was not looked at", () => {
    const tried = (gamma: number, after: number, ASR: number) => ({
      options: { lr: 0.05, gamma },
      before: 0.5,
      after,
      ASR,
      ASRReference: ASR + 0.02,
    });
    const search = { method: "l1-sparse", attack: "badnets", sparsity: 0, seed: 1, tolerance: 0.05, chosen: 0 };
    const candidates = [tried(0.001, 0.49, 0.9), tried(0.002, 0.3, 0.1)];
    const costly = [tried(0.001, 0.4, 0.9), tried(0.002, 0.3, 0.1)];
    const text = table(
      [cell("FT", 10)],
      [
        { ...search, candidates },
        { ...search, candidates: costly },
      ],
    );
    expect(text).toContain("| l1-sparse | lr 0.05, gamma 0.001 | 50.00 | 49.00 | yes | 90.00 | 92.00 |");
    expect(text).toContain("| l1-sparse | lr 0.05, gamma 0.002 | 50.00 | 30.00 |  | 10.00 | 12.00 |");
    expect(text).toContain("| l1-sparse | lr 0.05, gamma 0.001 | 50.00 | 40.00 | yes, all cost more | 90.00 | 92.00 |");
    expect(text).toContain("at most 5.00 points of accuracy");
    expect(text).toContain("badnets, dense, seed 1");
  });

  it("have intervals over seeds that end at 0 and 100, and no findings where none are judged", () => {
    const text = table([cell("FT", 10)]);
    expect(text).toContain("### 95 % intervals of these, percent");
    expect(text).toContain("| badnets | FT, dense | 1 |  | 0.0–100.0 |");
    expect(text).not.toMatch(/\d{3}\.\d to|to \d{3}/);
    expect(text).not.toContain("Published finding");
  });

  it("have intervals over images of every score of a single seed", () => {
    const single = (mean: number) => ({ mean, deviation: null, interval: null, n: 1 });
    const all = (low: number) => ({
      ASR: [low, low + 0.01] as [number, number],
      ASRReference: [low + 0.02, low + 0.03] as [number, number],
      SA: [low + 0.04, low + 0.05] as [number, number],
      robustAccuracy: [low + 0.06, low + 0.07] as [number, number],
    });
    const made = cell("FT", 10);
    const [repetition] = made.repetitions;
    if (repetition === undefined) throw new TypeError("expected a repetition, got none");
    const names = ["ASR", "ASRReference", "SA", "robustAccuracy"] as const;
    const summaries = names.flatMap((name) => [
      [name, single(0.2)],
      [`${name}Before`, single(0.1)],
    ]);
    const whole = {
      ...made,
      ...Object.fromEntries(summaries),
      DER: single(0.5),
      repetitions: [{ ...repetition, intervals: { before: all(0.1), after: all(0.2), DER: [0.4, 0.6] } }],
    } as BackdoorCell;
    const text = table([whole]);
    const intervals = [10, 20, 12, 22, 14, 24, 16, 26].map((low) => `${low}.0–${low + 1}.0 (images)`);
    expect(text).toContain(`| badnets | FT, dense | 1 | ${[...intervals, "40.0–60.0 (images)"].join(" | ")} |`);
    expect(text).toContain(
      "| badnets | FT, dense | 1 | 10.00 | 20.00 | 10.00 | 20.00 | 46.80 | 10.00 | 20.00 | 93.50 | 10.00 | 20.00 | 50.00 |",
    );
  });

  it("begin with the remarks as sentences", () => {
    const remarks = [{ attack: "sig", text: "sig: FT did not bring it down" }];
    const text = renderBackdoorTable({
      cells: [],
      findings: [],
      remarks,
      searches: [],
    } as unknown as BackdoorExperimentRecord);
    expect(text.startsWith("- Sig: FT did not bring it down.\n\n###")).toBe(true);
  });
});
