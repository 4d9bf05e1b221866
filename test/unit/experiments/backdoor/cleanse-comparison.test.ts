/** What is refused of a comparison before anything is written; what one does is for test/e2e/trojan.test.ts. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import {
  type CleanseComparisonSpec,
  runCleanseComparison,
} from "../../../../src/experiments/backdoor/cleanse-comparison.ts";
import { quietContext } from "../../../../src/stages/index.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";
import { runRecord } from "../../report/made-up-records.ts";

const spec: CleanseComparisonSpec = {
  config: { model: "runs/none", data: { allowUnverified: false }, batchSize: 20, seed: 1, device: "cpu" },
  suspects: { kind: "ids", file: "suspects.csv" },
  sparsities: [0, 0.9],
  methods: [{ method: "finetune", options: {} }],
};
const twice = [...spec.methods, ...spec.methods];

it.each<[Partial<CleanseComparisonSpec>, string]>([
  [{ sparsities: [0, 1] }, "sparsities: expected a number in [0, 1), got 1"],
  [{ sparsities: [0.9, 0, 0.9] }, "sparsities: expected one value or more, each once, got 0.9 twice"],
  [{ sparsities: [] }, "sparsities: expected one value or more, each once, got none"],
  [{ methods: twice }, "method: expected one value or more, each once, got finetune twice"],
  [{ methods: [] }, "method: expected one value or more, each once, got none"],
  [{}, "runs/none"], // no such model
])("refuses %j, and leaves the folder unmade", async (change, message) => {
  const out = join(temporaryFolder(), "out");
  await expect(runCleanseComparison({ ...spec, ...change }, out, quietContext())).rejects.toThrow(message);
  expect(existsSync(out)).toBe(false);
});

it("refuses the folder of a run", async () => {
  const out = join(temporaryFolder(), "run");
  mkdirSync(out);
  writeFileSync(join(out, "run.json"), JSON.stringify(runRecord()));
  await expect(runCleanseComparison(spec, out, quietContext())).rejects.toThrow(
    /expected a folder that is new or of several cleanses, got a run/,
  );
});
