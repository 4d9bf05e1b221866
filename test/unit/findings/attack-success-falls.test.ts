import { describe, expect, it } from "vitest";
import { attackSuccessFalls } from "../../../src/findings/attack-success-falls.ts";
import { cellOf } from "./made-up-cells.ts";

describe("whether the attack success fell", () => {
  it("is told plainly of each way where it did not", () => {
    const blended = { attack: "blended", before: [1, 1] } as const;
    expect(
      attackSuccessFalls([
        cellOf({ ...blended, after: [0.5, 0.7] }),
        cellOf({ ...blended, sparsity: 0.9, after: [0.2, 0.2] }),
      ]),
    ).toEqual([
      "blended: FT did not bring the attack success on average below 20 % at any sparsity: dense from 100 % to 60 % (n = 2), sparsity 0.9 from 100 % to 20 % (n = 2)",
    ]);
  });

  it("is told by where it fell and where it did not", () => {
    expect(
      attackSuccessFalls([
        cellOf({ before: [1], after: [0.5] }),
        cellOf({ sparsity: 0.9, before: [0.99], after: [0.1] }),
      ]),
    ).toEqual([
      "badnets: FT brought the attack success on average below 20 %: sparsity 0.9 from 99 % to 10 % (n = 1); it did not elsewhere: dense from 100 % to 50 % (n = 1)",
    ]);
  });

  it("is not judged where no model had a planted backdoor, or no cleanse ended", () => {
    const notJudged =
      "sig: whether FT brings the attack success down is not judged: no model with a planted backdoor was cleansed to the end";
    expect(attackSuccessFalls([cellOf({ attack: "sig", before: [0.5, 0.9499], after: [0.1, 0.1] })])).toEqual([
      notJudged,
    ]);
    expect(attackSuccessFalls([cellOf({ attack: "sig", before: [], after: [] })])).toEqual([notJudged]);
  });
});
