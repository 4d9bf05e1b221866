/** The grid of figure 6 on a few images: every cell is measured, found again, and shown. */
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { backdoorCells } from "../../src/experiments/backdoor/backdoor-experiment.ts";
import { JobStore } from "../../src/jobs/job-store.ts";
import { runJobs } from "../../src/jobs/run-jobs.ts";
import { type BackdoorSpec, planBackdoorExperiment, runBackdoorExperiment } from "../../src/experiments/index.ts";
import { quietContext } from "../../src/stages/index.ts";
import { defences, figure6, suspects } from "../../src/recipes/index.ts";
import { cleanseRecordSchema, backdoorExperimentRecordSchema, parseRecord } from "../../src/record/index.ts";
import { renderBackdoorCsv, renderBackdoorReport, renderBackdoorTable } from "../../src/report/index.ts";
import { methodNamed, resolveOptions } from "../../src/unlearn/index.ts";
import { readJson } from "../../src/util/files.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import "../support/one-thread.ts";

const quick = figure6({ preset: "quick", seeds: 1 });
const spec: BackdoorSpec = {
  ...quick,
  train: {
    ...quick.train,
    data: { name: "embedded", allowUnverified: false, numTrain: 80, numTest: 30 },
    recipe: { ...quick.train.recipe, epochs: 2, batchSize: 20 },
    rewindEpoch: 1,
  },
  attacks: ["badnets"],
  sparsities: [0, 0.9],
  searches: [],
  ways: quick.ways.map((way) => ({ ...way, options: { ...way.options, epochs: 2 } })),
};

it("measures the backdoor before and after, over sparsity, and does nothing twice", async () => {
  const store = join(temporaryFolder(), "jobs");
  const record = await runBackdoorExperiment(spec, { store }, quietContext());
  expect(record.failures).toEqual([]);
  expect(record.cells.map(({ label, sparsity }) => `${label} ${sparsity}`)).toEqual(["FT 0", "l1-sparse 0", "FT 0.9"]);
  for (const { repetitions, ASR, ASRBefore } of record.cells) {
    expect(repetitions).toHaveLength(1);
    expect(ASR?.mean).toBe(repetitions[0]?.after.ASR);
    expect(ASRBefore?.mean).toBe(repetitions[0]?.before.ASR);
    const { after, intervals } = repetitions[0] ?? {};
    expect(intervals?.after.ASR[0]).toBeLessThanOrEqual(after?.ASR ?? NaN);
    expect(intervals?.after.ASR[1]).toBeGreaterThanOrEqual(after?.ASR ?? NaN);
    expect(repetitions[0]?.trace.map(({ step }) => step)).toEqual([0, 4, 8]); // 72 images, 65 of them clean: 4 batches
  }
  // One dense original: the same before.
  expect(record.cells[1]?.repetitions[0]?.before).toEqual(record.cells[0]?.repetitions[0]?.before);
  expect(parseRecord(backdoorExperimentRecordSchema, JSON.stringify(record), "backdoor-experiment.json")).toEqual(
    record,
  );
  expect(record.findings[0]?.verdict).toBe("not testable at this scale"); // two epochs plant no backdoor
  expect(record.remarks.map(({ text }) => text.slice(0, 36))).toContain("nothing to cleanse: badnets, dense, ");

  const done = readdirSync(join(store, "done")).sort();
  expect((await runBackdoorExperiment(spec, { store }, quietContext())).cells).toEqual(record.cells);
  expect(readdirSync(join(store, "done")).sort()).toEqual(done);
  const plan = await planBackdoorExperiment(spec, { store }, quietContext());
  expect(plan.every(({ jobs, done: finished }) => jobs === finished)).toBe(true);

  const poison = done.find((name) => name.startsWith("poison-")) ?? "";
  expect(
    readFileSync(join(store, "done", poison, "poisoned.csv"), "utf8")
      .trim()
      .split("\n"),
  ).toHaveLength(1 + 7);
  expect(renderBackdoorTable(record)).toContain("| badnets | FT, sparsity 0.9 | 1 |");
  expect(renderBackdoorCsv(record).split("\r\n")).toHaveLength(1 + 3 + 1);
  const page = await renderBackdoorReport(record);
  expect(page.match(/<svg/g)).toHaveLength(3);
  for (const text of [renderBackdoorTable(record), page]) expect(text).toContain("Nothing to cleanse: badnets, dense");
});

it("chooses options on clean held-out images before it works with them", async () => {
  const store = join(temporaryFolder(), "jobs");
  const searched: BackdoorSpec = {
    ...spec,
    sparsities: [0],
    ways: quick.ways,
    searches: [
      // Held-out accuracy of a model that knows nothing may do anything: a tolerance of 1 takes the last, one of 0 need not.
      { method: "finetune", candidates: [0.01, 0.02].map((lr) => ({ epochs: 1, lr })), tolerance: 1 },
      { method: "l1-sparse", candidates: [{ epochs: 1, lr: 0.01, gamma: 1e-3 }], tolerance: 0 },
    ],
  };
  const before = await planBackdoorExperiment(searched, { store }, quietContext());
  const record = await runBackdoorExperiment(searched, { store }, quietContext());
  expect(record.failures).toEqual([]);
  const [finetune, l1] = record.searches;
  expect(finetune).toMatchObject({ method: "finetune", attack: "badnets", sparsity: 0, seed: 1, chosen: 1 });
  expect(finetune?.candidates.map(({ options }) => options["lr"])).toEqual([0.01, 0.02]);
  expect(l1).toMatchObject({ method: "l1-sparse", chosen: 0 });
  for (const cell of record.cells) {
    const search = cell.label === "FT" ? finetune : l1;
    const chosen = search?.candidates[search.chosen];
    expect(cell.options).toEqual(chosen?.options);
    // The row is the chosen trial itself: it is not run twice.
    expect(cell.repetitions[0]?.after.heldOut).toBe(chosen?.after);
    expect(cell.repetitions[0]?.after.ASR).toBe(chosen?.ASR);
  }
  expect(before.find(({ kind }) => kind === "forget")?.jobs).toBe(3);
  expect(renderBackdoorTable(record)).toContain("Options, chosen on clean held-out images");
});

it("does not choose options without images held out", async () => {
  const store = join(temporaryFolder(), "jobs");
  const split = { mode: "standard", validationFraction: 0 } as const;
  const blind: BackdoorSpec = {
    ...spec,
    sparsities: [0],
    train: { ...spec.train, split },
    searches: [{ method: "finetune", candidates: [{ epochs: 1 }], tolerance: 0.05 }],
  };
  await expect(runBackdoorExperiment(blind, { store }, quietContext())).rejects.toThrow(
    "figure6: expected images held out of training to choose the options of finetune on, got none",
  );
});

it("sets forgetting beside defences that see held-out images alone", async () => {
  const quickly: Record<string, object> = {
    finetune: { epochs: 1, lr: 0.01 },
    "l1-sparse": { epochs: 1, lr: 0.01 },
    "finetune-held-out": { epochs: 2 },
    "fine-pruning": { epochs: 2, step: 0.5 },
    anp: { iterations: 2 },
    "i-bau": { rounds: 1, terms: 1 },
  };
  const recipe = defences({ preset: "quick", seeds: 1 });
  expect(recipe.attacks).toEqual(["badnets", "badnets-bench", "blended", "sig", "wanet"]);
  // All whose options are given, not found by themselves, have candidates, of options that they take.
  expect(recipe.searches.map(({ method }) => method)).toEqual([
    "finetune",
    "l1-sparse",
    "finetune-held-out",
    "clp",
    "i-bau",
  ]);
  for (const { method, candidates } of recipe.searches)
    for (const options of candidates)
      expect(resolveOptions(method, methodNamed(method).options, options, { lr: 0.05, epochs: 16 })).toMatchObject(
        options,
      );
  const { train, attacks, searches } = spec;
  const ways = recipe.ways.map((way) => ({ ...way, options: { ...quickly[way.method] } as typeof way.options }));
  const record = await runBackdoorExperiment(
    { ...recipe, train, attacks, searches, ways },
    { store: join(temporaryFolder(), "jobs") },
    quietContext(),
  );
  expect(record.failures).toEqual([]);
  expect(record.cells.map(({ label }) => label)).toEqual(ways.map(({ label }) => label));
  const [original] = record.cells.flatMap(({ repetitions }) => repetitions.map(({ before }) => before));
  for (const { label, repetitions, DER, robustAccuracy } of record.cells) {
    const [{ before, after }, ...others] = repetitions as [(typeof repetitions)[number]];
    expect(others, label).toEqual([]);
    expect(before, label).toEqual(original); // every defence starts from the same model
    const [fall, cost] = [before.ASR - after.ASR, before.SA - after.SA].map((change) => Math.max(0, change));
    expect(DER?.mean, label).toBeCloseTo(((fall ?? NaN) - (cost ?? NaN) + 1) / 2, 12);
    expect(robustAccuracy?.mean, label).toBe(after.robustAccuracy);
  }
  expect(record.findings).toEqual([]);
  expect((await renderBackdoorReport(record)).match(/<svg/g)).toHaveLength(2);
});

it("measures a cleanse that was stopped between its end and its measurement", async () => {
  const store = new JobStore(join(temporaryFolder(), "jobs"));
  const [cell] = backdoorCells({ ...spec, sparsities: [0] });
  const { cleanse } = cell ?? {};
  if (cleanse === undefined) throw new TypeError("expected a cleanse, got none");
  await runJobs([cleanse], store, quietContext());
  const path = store.folderOf(cleanse.key);
  rmSync(join(path, "cleanse.json"));
  await cleanse.perform(path, ({ key }) => store.folderOf(key), quietContext());
  expect(readJson(join(path, "cleanse.json"), cleanseRecordSchema).run.method).toBe("finetune");
});

it("cleanses with lists that know less, or suspect more", async () => {
  const { ways } = suspects({ preset: "quick", seeds: 1 });
  const few = ways.filter((way) =>
    ["l1-sparse, known 0.5", "l1-sparse, all known, 1 clean for each"].includes(way.label),
  );
  const store = join(temporaryFolder(), "jobs");
  const record = await runBackdoorExperiment(
    {
      ...spec,
      name: "suspects",
      sparsities: [0],
      ways: few.map((way) => ({ ...way, options: { ...way.options, epochs: 1 } })),
    },
    { store },
    quietContext(),
  );
  expect(record.failures).toEqual([]);
  expect(record.cells.map((cell) => cell.suspects)).toEqual([
    { known: 0.5, mixed: 0 },
    { known: 1, mixed: 1 },
  ]);
  const lists = readdirSync(join(store, "done")).filter((name) => name.startsWith("suspects-"));
  const counts = lists.map(
    (name) =>
      readFileSync(join(store, "done", name, "poisoned.csv"), "utf8")
        .trim()
        .split("\n").length - 1,
  );
  expect(counts.sort((a, b) => a - b)).toEqual([4, 14]); // half of the seven, and seven clean ones beside all
  expect(record.findings).toEqual([]);
  expect((await renderBackdoorReport(record)).match(/<svg/g)).toHaveLength(4);
});
