import { describe, expect, it } from "vitest";
import type { ExperimentRecord, ExperimentRow } from "../../../../src/record/index.ts";
import { experimentSummary } from "../../../../src/report/experiment/experiment-summary.ts";
import type { Four } from "../made-up-records.ts";
import { madeUpExperiment, madeUpRow, oracle } from "./made-up-experiment.ts";

const class0 = { id: "class", title: "Class-wise", description: "All of class 0.", kind: "class" } as const;
const tenth = { id: "random", title: "Random", description: "A tenth.", kind: "random" } as const;

/** Scores whose Disparity Ave. is `points`. */
const away = (points: number): Four => [oracle[0] - (4 * points) / 100, oracle[1], oracle[2], oracle[3]];

interface Method {
  readonly label?: string;
  readonly model?: string;
  readonly scenario?: string;
  /** Disparity Ave. of each seed, in points. */
  readonly points: readonly number[];
  readonly seconds: number;
}

function methodRow({ label = "FT", model = "dense", scenario = "class", points, seconds }: Method): ExperimentRow {
  return madeUpRow({ model, method: "finetune", label, scenario, seconds, scores: points.map(away) });
}

/** Retrain takes 100 s. */
function grid(...methods: Method[]): ExperimentRecord {
  const scenarios = [class0, tenth].filter(({ id }) => methods.some(({ scenario = "class" }) => scenario === id));
  const seeds = methods[0]?.points.map((_, i) => i + 1) ?? [1];
  const retrains = scenarios.flatMap(({ id }) =>
    ["dense", "omp95"].map((model) =>
      madeUpRow({
        model,
        method: "retrain",
        label: "Retrain",
        scenario: id,
        seconds: 100,
        scores: seeds.map(() => oracle),
      }),
    ),
  );
  return madeUpExperiment({ seeds, scenarios, rows: [...retrains, ...methods.map(methodRow)] });
}

const summaryOf = (...methods: Method[]): NonNullable<ReturnType<typeof experimentSummary>> =>
  experimentSummary(grid(...methods))!;
const headline = (...methods: Method[]): string => summaryOf(...methods).headline.replaceAll("\u202f", " ");

describe("the headline of a grid", () => {
  it("leads with how close to Retrain, in what share of its time", () => {
    expect(headline({ points: [2], seconds: 25 })).toBe(
      "The closest method came within 2.0 points of Retrain on average over the four scores, in 25 % of its time.",
    );
    expect(summaryOf({ points: [2], seconds: 25 }).level).toBe("good");
  });

  it("is of the closest method, and of the farther of two scenarios", () => {
    const methods = [
      { points: [4], seconds: 20 },
      { label: "GA", points: [1], seconds: 25 },
      { scenario: "random", points: [3], seconds: 30 },
    ];
    expect(headline(...methods)).toBe(
      "The closest methods came within 3.0 points of Retrain on average over the four scores, in 25 % to 30 % of its time.",
    );
  });

  it("names the scenarios where nothing comes close", () => {
    const methods = [
      { points: [20], seconds: 25 },
      { scenario: "random", points: [3], seconds: 25 },
    ];
    expect(headline(...methods)).toBe(
      "Close to Retrain in “Random” (3.0 points away), not in “Class-wise” (20.0 points away), in 25 % of its time.",
    );
    expect(summaryOf(...methods).level).toBe("caution");
  });

  it("says where no method is close at all", () => {
    expect(headline({ points: [20], seconds: 25 })).toBe(
      "No method came close to Retrain: the closest was 20.0 points away, in 25 % of its time.",
    );
  });

  it("says where no time is saved", () => {
    expect(headline({ points: [2], seconds: 130 })).toBe(
      "The closest method came within 2.0 points of Retrain on average over the four scores, but without saving time everywhere: in 130 % of its time.",
    );
    expect(summaryOf({ points: [2], seconds: 130 }).level).toBe("caution");
  });

  it.each([
    [15, "Starting from a pruned original saved FT 40 % of its time."],
    [25, "Starting from a pruned original saved no time."],
    [50, "Starting from a pruned original saved no time: FT took 2.0 times as long."],
  ])("goes on with what sparsity saved: %s s instead of 25", (seconds, sentence) => {
    const text = headline({ points: [2], seconds: 25 }, { model: "omp95", points: [3], seconds });
    expect(text).toBe(
      `The closest method came within 2.0 points of Retrain on average over the four scores, in 25 % of its time. ${sentence}`,
    );
  });

  it("is missing where nothing was compared with Retrain", () => {
    expect(experimentSummary(grid())).toBeUndefined();
    const alone = grid({ points: [2], seconds: 25 });
    const rows = alone.rows.filter(({ method }) => method !== "retrain");
    expect(experimentSummary({ ...alone, rows })).toBeUndefined();
  });
});

describe("the sentences below it", () => {
  it("begin with what Retrain is", () => {
    expect(summaryOf({ points: [2], seconds: 25 }).sentences[0]).toMatch(/^Retrain is the same training again without/);
  });

  it("name the closest method with its times, and what became of each method after pruning first", () => {
    const [, sentence] = summaryOf(
      { points: [12], seconds: 25 },
      { model: "omp95", points: [3], seconds: 15 },
    ).sentences;
    expect(sentence?.replaceAll("\u00a0", " ")).toBe(
      "Class-wise: FT from the OMP 95 % original came closest, 3.0 points from Retrain on average over UA, MIA, RA and TA, in 15 s against Retrain's 1 min 40 s. FT took 15 s from the OMP 95 % original and 25 s from the dense one; its distances from Retrain are 3.0 points and 12.0 points: closer after pruning, beyond chance.",
    );
  });

  it("count comparisons where they are many", () => {
    const both = ["FT", "GA", "FF", "IU"].flatMap((label) => [
      { label, points: [3], seconds: 25 },
      { label, model: "omp95", points: [label === "GA" ? 9 : 3.1], seconds: 25 },
    ]);
    expect(summaryOf(...both).sentences[1]).toContain(
      "of 4 comparisons with the dense one none came closer to Retrain, 1 went further from it and 3 did not differ beyond chance.",
    );
  });

  it("end with a caution where there is one seed only", () => {
    expect(summaryOf({ points: [2], seconds: 25 }).sentences.at(-1)).toContain("All of this is one seed");
    expect(summaryOf({ points: [2, 3], seconds: 25 }).sentences.join(" ")).not.toContain("one seed");
  });
});
