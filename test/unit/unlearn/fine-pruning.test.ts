import { expect, it } from "vitest";
import { Trainer } from "../../../src/train/index.ts";
import { Generator } from "../../../src/torch/index.ts";
import { finePruning } from "../../../src/unlearn/fine-pruning.ts";
import type { MethodContext } from "../../../src/unlearn/index.ts";
import { flatNet, imagesAround } from "../../support/flat-net.ts";

// Pixel 0 tells the classes apart; pixel 1 is hardly used, pixels 2 and 3 not at all.
const rows = Array.from({ length: 20 }, (_, i) => [i % 2 === 0 ? -1 : 1, 0.1, 0, 0]);
const labels = rows.map((_, i) => i % 2);
const defaults = { epochs: 1, lr: 0.1, momentum: 0, weightDecay: 0, step: 0.25 };

async function pruned(tolerance: number): Promise<{ columns: boolean[]; said: string[] }> {
  const model = flatNet([1, 1, 1, 1]);
  const generators = { order: Generator.seeded(1), augment: Generator.seeded(1) };
  const trainer = new Trainer({ model, generators, batchSize: 5, augment: false });
  const said: string[] = [];
  const context = {
    model,
    trainer,
    validation: imagesAround(rows, 0, labels),
    log: (line: string) => void said.push(line),
  };
  await finePruning.run(context as unknown as MethodContext, { ...defaults, tolerance });
  const weight = model.namedParameters().get("fc.weight")?.toArray() ?? [];
  return { columns: [0, 1, 2, 3].map((column) => weight[column] === 0 && weight[4 + column] === 0), said };
}

it("cuts off what clean images use least, up to what they bear, and keeps it off", async () => {
  const { columns, said } = await pruned(0.1);
  expect(columns).toEqual([false, true, true, true]);
  expect(said).toEqual(["fine-pruning: 3 of 4 features pruned"]);
});

it("cuts everything off where any loss is allowed", async () => {
  expect((await pruned(1)).columns).toEqual([true, true, true, true]);
});
