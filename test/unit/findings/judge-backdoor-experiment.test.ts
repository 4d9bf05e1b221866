import { describe, expect, it } from "vitest";
import { judgeBackdoorExperiment } from "../../../src/findings/judge-backdoor-experiment.ts";
import { cellOf } from "./made-up-cells.ts";

const dense = cellOf({ before: [0.99, 1], after: [0.5, 0.51] });
const sparse = cellOf({ sparsity: 0.9, before: [0.99, 1], after: [0.14, 0.142] });

describe("what a backdoor experiment shows", () => {
  it("is judged by each finding that it has cells for, with the attack that the finding is about", () => {
    const [finding, ...others] = judgeBackdoorExperiment([dense, sparse]).findings;
    expect(others).toEqual([]);
    expect(Object.keys(finding ?? {})).toEqual(["attack", "claim", "published", "ours", "verdict"]);
    expect(finding).toMatchObject({ attack: "badnets", verdict: "reproduced" });
    expect(judgeBackdoorExperiment([dense]).findings).toEqual([]);
  });

  it("is not judged by cleanses of lists that hold other records than the poisoned ones", () => {
    const mixed = { ...sparse, suspects: { known: 0.5, mixed: 0 } };
    expect(judgeBackdoorExperiment([dense, mixed]).findings).toEqual([]);
  });

  it("is remarked on attack by attack: first where there is nothing to cleanse, then what fell", () => {
    const { remarks } = judgeBackdoorExperiment([
      cellOf({ before: [0.3], after: [0.1] }),
      cellOf({ attack: "sig", before: [1], after: [0.1] }),
    ]);
    expect(remarks.map(({ attack }) => attack)).toEqual(["badnets", "badnets", "sig"]);
    expect(remarks[0]?.text).toMatch(/^nothing to cleanse: badnets, dense/);
    expect(remarks[1]?.text).toContain("not judged");
    expect(remarks[2]?.text).toBe(
      "sig: FT brought the attack success on average below 20 %: dense from 100 % to 10 % (n = 1)",
    );
  });
});
