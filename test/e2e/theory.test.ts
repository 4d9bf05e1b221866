/** The theory's grid on a few images: every point is measured once, found again, and its report says what was measured. */
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { reportCommand } from "../../src/cli/commands/report.ts";
import { quietContext } from "../../src/stages/index.ts";
import { runTheory, type TheorySpec } from "../../src/experiments/index.ts";
import { quickTheory } from "../../src/recipes/index.ts";
import { parseRecord, theoryBound, theoryRecordSchema } from "../../src/record/index.ts";
import { renderTheoryReport, renderTheoryTable } from "../../src/report/index.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import "../support/one-thread.ts";

const quick = quickTheory(1);
const spec: TheorySpec = {
  ...quick,
  train: {
    ...quick.train,
    data: { name: "embedded", allowUnverified: false, numTrain: 60, numTest: 20 },
    recipe: { ...quick.train.recipe, epochs: 1, batchSize: 20 },
  },
  optimizers: quick.optimizers.slice(0, 1),
  sparsities: [0, 0.9],
  hessianImages: 20,
};

it("measures error and bound over sparsity, and does nothing twice", async () => {
  const out = temporaryFolder();
  const said: string[] = [];
  const record = await runTheory(spec, out, {
    ...quietContext(),
    onStatus: ({ done, total }) => void said.push(`${done}/${total}`),
  });
  expect(said[0]).toBe("0/8"); // an original, one pruned, two ways to forget of each, and the two points
  const [dense, sparse] = record.points;
  expect(record.points.map(({ sparsity }) => sparsity)).toEqual([0, 0.9]);
  for (const point of record.points) {
    expect(Math.min(point.error, point.distance, point.sigma, theoryBound(point))).toBeGreaterThan(0);
    expect(point.steps).toBe(3);
  }
  expect(sparse?.distance).toBeLessThan(dense?.distance ?? 0);
  expect(parseRecord(theoryRecordSchema, readFileSync(join(out, "theory.json"), "utf8"), "theory.json")).toEqual(
    record,
  );
  const made = statSync(join(out, "done")).mtimeMs;
  const again = await runTheory(spec, out, quietContext());
  expect(again.points).toEqual(record.points);
  expect(statSync(join(out, "done")).mtimeMs).toBe(made);
  const table = renderTheoryTable(record);
  expect(table).toContain(`| SGD | 90 % | 1 | ${sparse?.error.toPrecision(4)} |`);
  const page = await renderTheoryReport(record);
  expect(page).toContain(sparse?.sigma.toPrecision(4));
  expect(page.match(/<svg/g)).toHaveLength(2);
  const print = vi.spyOn(console, "log").mockImplementation(() => undefined);
  await reportCommand().parseAsync([out], { from: "user" });
  expect(print).toHaveBeenCalledWith(join(out, "report.html"));
  print.mockRestore();
  expect(readFileSync(join(out, "report.html"), "utf8")).toBe(await renderTheoryReport(again));
});

it("says what failed, and tries it again", async () => {
  const out = temporaryFolder();
  const broken = { ...spec, ascent: { epochs: 0, lr: 1 } };
  await expect(runTheory(broken, out, quietContext())).rejects.toThrow(
    /expected all of 2 jobs, got 2 failures and 2 that wait for them: .* gradient-ascent epochs: expected an integer >= 1 and <= 100000, got 0/,
  );
});
