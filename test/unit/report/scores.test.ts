import { describe, expect, it } from "vitest";
import { methodLabel, OTHER_ATTACKS, SCORE_KEYS, SCORE_TEXTS, scoreOf } from "../../../src/report/scores.ts";
import { scores } from "./made-up-records.ts";

describe("scores", () => {
  it("shows the four that Disparity Ave. runs over, MIA being the attack on the confidence", () => {
    expect(SCORE_KEYS.map((key) => scoreOf(scores([0.1, 0.2, 0.3, 0.4]), key).value)).toEqual([0.1, 0.2, 0.3, 0.4]);
  });

  it("shows every attack once", () => {
    const attacks = [...OTHER_ATTACKS.map(([attack]) => attack), "confidence"];
    expect(attacks.toSorted()).toEqual(Object.keys(scores([0, 0, 0, 0]).MIA).toSorted());
  });

  it("explains each in one line", () => {
    for (const { meaning } of Object.values(SCORE_TEXTS)) expect(meaning).toMatch(/^share of the .+[^.]$/);
  });

  it.each([
    [undefined, "Original"],
    ["retrain", "Retrain"],
    ["finetune", "FT"],
    ["gradient-ascent", "GA"],
    ["l1-sparse", "l1-sparse"],
    ["constructor", "constructor"],
  ])("calls method %s %s", (name, label) => expect(methodLabel(name)).toBe(label));
});
