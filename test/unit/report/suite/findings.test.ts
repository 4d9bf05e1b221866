import { describe, expect, it } from "vitest";
import type { SuiteScenario } from "../../../../src/record/index.ts";
import {
  sparsityEffects,
  sparsitySentence,
  suiteVerdict,
  unequalOriginals,
} from "../../../../src/report/suite/findings.ts";
import { evaluationRecord, suiteRecord } from "../made-up-records.ts";
import type { Four } from "../made-up-records.ts";

const RETRAINED: Four = [0.06, 0.14, 1, 0.94];
const NEAR: Four = [0.06, 0.14, 0.99, 0.935];
const FAR: Four = [0.02, 0.05, 0.9, 0.85];

/** One method on a dense and a pruned original. */
function scenario(dense: Four, pruned: Four, trainLoss = 0.002): SuiteScenario {
  const make = (model: Four, sparsity: number, loss: number): SuiteScenario["evaluations"][number] =>
    evaluationRecord({ name: `ft-${sparsity}`, model, sparsity, oracle: RETRAINED, trainLoss: loss });
  return { name: "made up", evaluations: [make(dense, 0, 0.002), make(pruned, 0.95, trainLoss)], runs: [] };
}

const suite = (...scenarios: SuiteScenario[]): ReturnType<typeof suiteRecord> => ({ ...suiteRecord(), scenarios });
const headline = (...scenarios: SuiteScenario[]): string => suiteVerdict(suite(...scenarios)).headline;

describe("effect of pruning first", () => {
  it.each([
    ["closer", FAR, NEAR],
    ["further", NEAR, FAR],
    ["unclear", NEAR, NEAR],
  ] as const)("is %s where the numbers say so", (outcome, dense, pruned) => {
    expect(sparsityEffects(scenario(dense, pruned)).map((effect) => effect.outcome)).toEqual([outcome]);
  });

  it("is unclear for a difference that few images cannot carry", () => {
    const few = scenario([0.05, 0.12, 0.99, 0.935], [0.06, 0.14, 0.99, 0.935]);
    const shrunk = few.evaluations.map((evaluation, index) =>
      evaluationRecord({
        name: String(index),
        sparsity: evaluation.run.sparsity,
        oracle: RETRAINED,
        forget: 60,
        model: index === 0 ? [0.03, 0.1, 0.99, 0.935] : RETRAINED,
      }),
    );
    expect(sparsityEffects({ ...few, evaluations: shrunk })[0]?.outcome).toBe("unclear");
  });

  it("agrees with the paper's table", () => {
    const [classWise] = suiteRecord().scenarios;
    expect(sparsityEffects(classWise!).map(({ method, outcome }) => [method, outcome])).toEqual([
      ["FT", "closer"],
      ["GA", "closer"],
      ["l1-sparse", "unclear"],
    ]);
    expect(sparsitySentence(classWise!)).toContain("brought closer to Retrain: FT (25.8 to 11.5) and GA (7.1 to 6.4)");
  });

  it("is nothing without an oracle or without a pair", () => {
    const blind = scenario(FAR, NEAR).evaluations.map(({ oracle: _oracle, ...evaluation }) => evaluation);
    expect(sparsityEffects({ name: "x", evaluations: blind, runs: [] })).toEqual([]);
    expect(
      sparsitySentence({ name: "x", evaluations: scenario(FAR, NEAR).evaluations.slice(1), runs: [] }),
    ).toBeUndefined();
  });
});

describe("headline of a suite", () => {
  it("follows the numbers whichever way they point", () => {
    expect(headline(scenario(FAR, NEAR))).toBe(
      "After pruning first, forgetting came closer to Retrain: of 1 comparison, 1 came closer to Retrain, none went further away and none did not differ beyond chance.",
    );
    expect(headline(scenario(NEAR, FAR))).toMatch(/^After pruning first, forgetting was further from Retrain:/);
    expect(headline(scenario(NEAR, NEAR))).toMatch(/^Pruning first made no difference beyond chance:/);
    expect(headline(scenario(NEAR, FAR), scenario(FAR, NEAR))).toMatch(
      /^What pruning first does depends on method and scenario:/,
    );
    expect(headline(scenario(FAR, NEAR), scenario(NEAR, NEAR), scenario(NEAR, NEAR))).toContain("in some cases");
  });

  it("says that nothing can be said without pairs", () => {
    expect(headline({ name: "x", evaluations: [], runs: [] })).toContain("nothing can be said of sparsity");
  });

  it("warns where the originals have not fitted equally well", () => {
    expect(headline(scenario(FAR, NEAR, 0.01))).toContain("had not fitted equally well");
    expect(unequalOriginals(scenario(FAR, NEAR, 0.01))).toContain("0.0020 dense and 0.0100 95\u202f% pruned");
    expect(unequalOriginals(scenario(FAR, NEAR, 0.003))).toBeUndefined();
    expect(headline(scenario(NEAR, NEAR, 0.01))).not.toContain("fitted");
  });

  it("names the method closest to Retrain on each original, with its time", () => {
    const { sentences } = suiteVerdict(suiteRecord());
    expect(sentences[0]).toBe(
      "class 3 (cat): closest to Retrain came l1-sparse from the dense original (0.6 points away on average, in 2 min 32 s against Retrain's 43 min 13 s) and l1-sparse from the 95\u202f% pruned original (0.5 points away on average, in 2 min 32 s against Retrain's 43 min 13 s).",
    );
  });
});
