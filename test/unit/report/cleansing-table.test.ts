import { describe, expect, it } from "vitest";
import type { CleansingCell, CleansingRecord } from "../../../src/record/index.ts";
import { renderCleansingTable } from "../../../src/report/index.ts";
import { madeUpCell as cell } from "./made-up-cleansing.ts";

const table = (cells: readonly CleansingCell[], searches: CleansingRecord["searches"] = []): string =>
  renderCleansingTable({ cells, findings: [], remarks: [], searches } as unknown as CleansingRecord);

describe("the tables of a grid of cleanses", () => {
  it("are over steps where all cells take as many", () => {
    const text = table([cell("FT", 10), cell("l1-sparse", 10)]);
    expect(text).toContain("over steps");
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
    const [, over = ""] = table([cell("FT", 10), long, short]).split("Attack success over");
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
    const text = table(
      [cell("FT", 10)],
      [
        {
          method: "l1-sparse",
          attack: "badnets",
          sparsity: 0,
          seed: 1,
          tolerance: 0.05,
          candidates: [tried(0.001, 0.49, 0.9), tried(0.002, 0.3, 0.1)],
          chosen: 0,
        },
      ],
    );
    expect(text).toContain("| l1-sparse | lr 0.05, gamma 0.001 | 50.00 | 49.00 | yes | 90.00 |");
    expect(text).toContain("| l1-sparse | lr 0.05, gamma 0.002 | 50.00 | 30.00 |  | 10.00 |");
    expect(text).toContain("at most 5.00 points of accuracy");
    expect(text).toContain("badnets, dense, seed 1");
  });

  it("have intervals that may be below zero, and no findings where none are judged", () => {
    const text = table([cell("FT", 10)]);
    expect(text).toContain("| −34.5 to 192.1 |");
    expect(text).not.toContain("Published finding");
  });
});
