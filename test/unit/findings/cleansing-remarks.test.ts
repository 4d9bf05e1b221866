import { describe, expect, it } from "vitest";
import { cleansingRemarks, isPlanted } from "../../../src/findings/cleansing-remarks.ts";
import type { CleansingCell } from "../../../src/record/index.ts";
import { cellOf } from "./made-up-cells.ts";

const texts = (...cells: CleansingCell[]): string[] => cleansingRemarks(cells).map(({ text }) => text);

describe("remarks on a grid of cleanses", () => {
  it("say once a sparsity that there is nothing to cleanse, with every seed at or below 95 %", () => {
    const [first, ...others] = texts(
      cellOf({ before: [0.95, 0.99], after: [0.5, 0.5] }),
      cellOf({ label: "l1-sparse", before: [0.95, 0.99], after: [0.5, 0.5] }),
    );
    expect(first).toBe(
      "nothing to cleanse: badnets, dense, has an attack success of 95 % with seed 1 (1 of 2 seeds) before, where more than 95 % is asked for",
    );
    expect(others.filter((text) => text.startsWith("nothing"))).toEqual([]);
    expect(texts(cellOf({ attack: "sig", sparsity: 0.9, before: [0.5, 0.9499], after: [0.1, 0.1] }))).toEqual([
      "nothing to cleanse: sig, sparsity 0.9, has an attack success of 50 % with seed 1, 94.99 % with seed 2 before, where more than 95 % is asked for",
      "sig: whether FT brings the attack success down is not judged, because it ended from no model with a planted backdoor",
    ]);
  });

  it("say plainly of each way that the attack success did not fall", () => {
    const blended = { attack: "blended", before: [1, 1] } as const;
    expect(
      texts(cellOf({ ...blended, after: [0.5, 0.7] }), cellOf({ ...blended, sparsity: 0.9, after: [0.2, 0.2] })),
    ).toEqual([
      "blended: FT did not bring the attack success on average below 20 % at any sparsity: dense from 100 % to 60 % (n = 2), sparsity 0.9 from 100 % to 20 % (n = 2)",
    ]);
  });

  it("say where it fell and where it did not", () => {
    expect(
      texts(cellOf({ before: [1], after: [0.5] }), cellOf({ sparsity: 0.9, before: [0.99], after: [0.1] })),
    ).toEqual([
      "badnets: FT brought the attack success on average below 20 %: sparsity 0.9 from 99 % to 10 % (n = 1); it did not elsewhere: dense from 100 % to 50 % (n = 1)",
    ]);
  });

  it("leave unplanted models out of what fell, and keep attacks apart", () => {
    const remarks = cleansingRemarks([
      cellOf({ before: [0.3], after: [0.1] }),
      cellOf({ attack: "sig", before: [1], after: [0.1] }),
    ]);
    expect(remarks.map(({ attack }) => attack)).toEqual(["badnets", "badnets", "sig"]);
    expect(remarks[1]?.text).toContain("not judged");
    expect(remarks[2]?.text).toBe(
      "sig: FT brought the attack success on average below 20 %: dense from 100 % to 10 % (n = 1)",
    );
  });

  it("do not claim anything of a cell without seeds", () => {
    expect(texts(cellOf({ before: [], after: [] }))).toEqual([expect.stringContaining("not judged")]);
    expect(isPlanted(cellOf({ before: [0.96, 0.95], after: [0, 0] }))).toBe(false);
  });
});
