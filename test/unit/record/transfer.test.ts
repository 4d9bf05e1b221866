import { describe, it } from "vitest";
import { transferRecordSchema } from "../../../src/record/transfer.ts";
import { madeUpTransfer } from "../report/transfer/made-up-transfer.ts";
import { expectFits, expectRefused } from "./damage.ts";

describe("the record of a transfer experiment", () => {
  it("fits, also where the classes to remove were given", () => {
    expectFits(transferRecordSchema, madeUpTransfer);
    const { ranking: _ranking, ...given } = madeUpTransfer;
    expectFits(transferRecordSchema, given);
  });

  it.each<[string, unknown]>([
    ["probe", "half"],
    ["ranking.by", "luck"],
    ["ranking.classes.0.share", 1.1],
    ["points.0.accuracy.count", undefined],
    ["rows.1.gain.n", -1],
    ["target.digest", "short"],
  ])("is refused with another %s", (path, value) => expectRefused(transferRecordSchema, madeUpTransfer, path, value));
});
