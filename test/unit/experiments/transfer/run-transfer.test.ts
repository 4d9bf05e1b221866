/** What is refused of a transfer experiment before anything is written; what one does is for test/e2e/transfer.test.ts. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { runTransfer } from "../../../../src/experiments/transfer/run-transfer.ts";
import type { TransferSpec } from "../../../../src/experiments/transfer/transfer-spec.ts";
import { quickTransfer } from "../../../../src/recipes/index.ts";
import { quietContext } from "../../../../src/stages/index.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

const pictures = { name: "embedded", allowUnverified: false, numTrain: 40, numTest: 10 } as const;
const quick = quickTransfer(1);
const train = "train" in quick.source ? quick.source.train : undefined;
const spec: TransferSpec = {
  ...quick,
  source: { train: { ...(train as NonNullable<typeof train>), data: pictures } },
  target: pictures,
};

it.each<[string, Partial<TransferSpec>, RegExp]>([
  ["a source class that is not there", { drop: ["zebra"], counts: [1] }, /^drop-classes: .*got "zebra"/],
  ["more classes removed than are left", { drop: "counts", counts: [9] }, /at least two of the 10 source classes/],
  ["no method", { methods: [] }, /^method: expected at least one/],
  ["a source that is no run", { source: { run: "runs/none" } }, /runs\/none/],
])("refuses %s, and leaves the folder unmade", async (_, change, message) => {
  const out = join(temporaryFolder(), "out");
  await expect(runTransfer({ ...spec, ...change }, out, quietContext())).rejects.toThrow(message);
  expect(existsSync(out)).toBe(false);
});
