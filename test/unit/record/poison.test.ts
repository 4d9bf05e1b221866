import { describe, it } from "vitest";
import { type PoisonRecord, poisonRecordSchema } from "../../../src/record/poison.ts";
import { cleanseRecord } from "../report/backdoor/made-up-cleanse.ts";
import { hash } from "../report/made-up-records.ts";
import { expectFits, expectRefused } from "./damage.ts";

const { attack } = cleanseRecord([1, 0], [1, 1]);
const record: PoisonRecord = {
  format: "coppice-poison",
  version: 1,
  createdAt: "2026-11-26T12:00:00.000Z",
  command: ["coppice", "poison", "--attack", "badnets", "--out", "poison"],
  data: { name: "cifar10", classes: [0, "bird"], numTrain: 4000 },
  poison: attack as NonNullable<typeof attack>,
  counts: { train: 3600, poisoned: 360, ofTarget: 36, unchanged: 0, decoys: 0 },
  poisonedDigest: hash("poisoned"),
};

describe("the record of a poisoned data set", () => {
  it("fits", () => expectFits(poisonRecordSchema, record));

  it.each<[string, unknown]>([
    ["poison.ratio", 1.1],
    ["poison.split.validationFraction", 1],
    ["poison.cleanDigest", "short"],
    ["counts.ofTarget", -1],
    ["data.name", undefined],
  ])("is refused with another %s", (path, value) => expectRefused(poisonRecordSchema, record, path, value));
});
