import { expect, it } from "vitest";
import * as coppice from "../../src/index.ts";

it("exports these and no others: a name that is added or removed is a change for users", () => {
  expect(Object.keys(coppice).toSorted()).toEqual([
    "CoppiceError",
    "DataContext",
    "Interrupted",
    "defineArchitecture",
    "defineDataset",
    "defineDetector",
    "defineMethod",
    "definePruner",
    "evaluate",
    "evaluateLogits",
    "forget",
    "forgotten",
    "inMemoryDataset",
    "loadPlugin",
    "membershipAttack",
    "openModel",
    "prune",
    "report",
    "resume",
    "train",
  ]);
});
