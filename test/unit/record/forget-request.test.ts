import { expect, it } from "vitest";
import { forgetConfigSchema } from "../../../src/record/forget-config.ts";
import { type ForgetRequest, keptRequest } from "../../../src/record/forget-request.ts";

it.each<[ForgetRequest, object]>([
  [
    { kind: "class", classes: ["cat"] },
    { kind: "class", classes: ["cat"] },
  ],
  [
    { kind: "ids", ids: ["a", "b"], match: ["case"] },
    { kind: "ids", given: 2, match: ["case"] },
  ],
  [
    { kind: "indices", indices: [7], alsoTest: true },
    { kind: "indices", given: 1, alsoTest: true },
  ],
  [
    { kind: "ids", file: "a.csv" },
    { kind: "ids", file: "a.csv" },
  ],
  [
    { kind: "ids", file: "a.csv", idColumn: "r", where: { customer: "C-104" } },
    { kind: "ids", file: "a.csv", idColumn: "r", where: { customer: "(not kept)" } },
  ],
])("a record keeps of %j nothing that names a person", (request, kept) => {
  expect(keptRequest(request)).toEqual(kept);
  expect(keptRequest(keptRequest(request))).toEqual(kept);
  expect(forgetConfigSchema.shape.request.safeParse(kept).success).toBe(true);
});
