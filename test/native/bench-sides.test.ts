import { expect, it } from "vitest";
import { ourTraining, ready } from "../../bench/side.ts";

// What a benchmark starts is plain JavaScript, which no type checker reads.
it("trains and evaluates what the benchmarks time, dense and pruned", async () => {
  const options = { arch: "resnet20s", batchSize: 4 };
  for (const pruning of [{}, { pruning: { sparsity: 0.9, allocation: "uniform" as const } }]) {
    await using side = ourTraining({ ...options, ...pruning });
    expect(await ready([side])).toMatchObject({ node: process.version });
    expect(await side.seconds(1)).toBeGreaterThan(0);
    expect(await side.evaluationSeconds(1)).toBeGreaterThan(0);
  }
});
