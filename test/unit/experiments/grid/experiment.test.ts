import { describe, expect, it } from "vitest";
import { expandGrid } from "../../../../src/experiments/grid/expand.ts";
import { Experiment, failuresOf } from "../../../../src/experiments/grid/experiment.ts";
import { JobStore } from "../../../../src/jobs/job-store.ts";
import { experimentRecordSchema } from "../../../../src/record/index.ts";
import { quietContext } from "../../../../src/stages/index.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";
import { samples } from "../../report/made-up-records.ts";
import { finish } from "./finished-cells.ts";
import { tinyGrid } from "./tiny-grid.ts";

const nothingFailed = { failed: [], blocked: [] };

describe("an experiment", () => {
  it("has a job for each evaluated model", () => {
    const { jobs } = new Experiment(tinyGrid(), { store: temporaryFolder() });
    expect(jobs.map(({ kind }) => kind)).toEqual(Array(6).fill("evaluate"));
    expect(jobs[4]?.title).toBe("seed 1, OMP 90 %: Random forgetting, evaluate Retrain");
  });

  it("is refused before anything is made of it", () => {
    expect(() => new Experiment(tinyGrid({ seeds: [] }), { store: temporaryFolder() })).toThrow("expected seeds");
  });

  it("records what is done, of the documented schema, and what the grid is", () => {
    const store = new JobStore(temporaryFolder());
    const spec = tinyGrid({ figures: ["method-bars"] });
    for (const cell of expandGrid(spec)) finish(store, cell, { samples: samples(2) });
    const record = new Experiment(spec, { store: store.path }).record(quietContext(), nothingFailed);
    expect(experimentRecordSchema.parse(record)).toEqual(record);
    expect(record).toMatchObject({
      name: "tiny",
      models: [
        { id: "dense", sparsity: 0, epochs: 2 },
        { id: "omp9", sparsity: 0.9, pruner: "omp", epochs: 2 },
      ],
      scenarios: [{ id: "random", kind: "random" }],
      training: { arch: "resnet20s", rewindEpoch: 1 },
    });
    expect(record.rows.every(({ repetitions }) => repetitions.length === 1)).toBe(true);
  });

  it("keeps images and warnings only where they are asked for or there are some", () => {
    const store = new JobStore(temporaryFolder());
    const recordOf = (figures: readonly ("samples" | "radar")[], notes: string[]): object => {
      const spec = tinyGrid({ figures });
      for (const cell of expandGrid(spec)) finish(store, cell, { samples: samples(2), notes });
      return new Experiment(spec, { store: store.path }).record(quietContext(), nothingFailed);
    };
    const bare = recordOf(["radar"], []);
    expect([bare].filter((record) => "samples" in record || "warnings" in record)).toEqual([]);
    expect(recordOf(["radar", "samples"], ["drawn"])).toMatchObject({
      samples: { images: [{ scenario: "random" }, { scenario: "random" }] },
      warnings: [{ text: "drawn", scenarios: ["random"] }],
    });
  });
});

it("tells what failed from what waits for it", () => {
  const [first, second] = new Experiment(tinyGrid(), { store: temporaryFolder() }).jobs;
  const failure = { code: "E_DATA", message: "no images" };
  expect(failuresOf({ failed: [{ job: first!, failure }], blocked: [second!] })).toEqual([
    { title: first?.title, ...failure },
    { title: second?.title, code: "E_BLOCKED", message: "waits for a job that failed" },
  ]);
});
