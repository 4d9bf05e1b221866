/** A search for options on a few images: blind to the test set, stopped and gone on with, and its report. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DataContext, forgetStage, quietContext, type TrainConfig, trainStage } from "../../src/stages/index.ts";
import { runTune, type TuneConfig } from "../../src/tune/index.ts";
import type { LoadedData } from "../../src/stages/data-context.ts";
import { Interrupted } from "../../src/train/index.ts";
import { parseRecord, tuneRecordSchema } from "../../src/record/index.ts";
import { renderTuneReport, renderTuneTable } from "../../src/report/index.ts";
import "../support/one-thread.ts";

const train: TrainConfig = {
  data: { name: "embedded", allowUnverified: false, numTrain: 120, numTest: 20 },
  split: { mode: "standard", validationFraction: 0.25 },
  arch: "resnet20s",
  stem: "cifar",
  recipe: {
    epochs: 1,
    batchSize: 30,
    optimizer: "sgd",
    lr: 0.05,
    momentum: 0.9,
    weightDecay: 5e-4,
    nesterov: false,
    schedule: "constant",
    milestones: [],
    warmupEpochs: 0,
    augment: false,
  },
  rewindEpoch: 0,
  seed: 1,
  device: "cpu",
};

/** Data whose test images and labels cannot be touched: whoever looks at them gets an error. Their number and ids say nothing of them. */
class GuardedData extends DataContext {
  override async load(...how: Parameters<DataContext["load"]>): Promise<LoadedData> {
    const loaded = await super.load(...how);
    const guard = <T extends object>(of: T): T =>
      new Proxy(of, {
        get: (target, name) =>
          name === "count" || name === "ids"
            ? Reflect.get(target, name)
            : expect.fail(`the test part was touched: ${String(name)}`),
      });
    const { dataset } = loaded;
    return { ...loaded, dataset: { ...dataset, test: guard(dataset.test) }, test: guard(loaded.test) };
  }
}

const work = mkdtempSync(join(tmpdir(), "coppice-tune-"));
const config: TuneConfig = {
  model: join(work, "original"),
  request: { kind: "class", classes: [3] },
  method: "l1-sparse",
  options: { epochs: 3 },
  search: "lr=1e-3:1e-1:log,schedule=decay|constant",
  trials: 3,
  withhold: 0.2,
  batchSize: 30,
  data: { allowUnverified: false },
  seed: 1,
  device: "cpu",
};
const guarded = { ...quietContext(), data: new GuardedData() };

beforeAll(async () => {
  await trainStage(train, config.model, quietContext());
  const split = { mode: "standard", validationFraction: 0 } as const;
  await trainStage({ ...train, split }, join(work, "no-validation"), quietContext());
});

afterAll(() => rmSync(work, { recursive: true }));

describe("runTune", () => {
  const out = join(work, "tune");

  it("is stopped within a trial, goes on, and does nothing twice, without a look at test images", async () => {
    const controller = new AbortController();
    const said: string[] = [];
    const stopped = runTune(config, out, {
      ...guarded,
      signal: controller.signal,
      onTrial: (title) => void said.push(title),
      onProgress: () => {
        if (said.length === 3) controller.abort();
      },
    });
    await expect(stopped).rejects.toThrow(Interrupted);
    expect(said).toEqual([
      "the model as it is",
      "trial 0, 3 epochs: as without a search",
      expect.stringMatching(/^trial 1, 1 epoch: lr/),
    ]);
    expect(existsSync(join(out, "tune.json"))).toBe(false);
    const rest: string[] = [];
    const record = await runTune(config, out, { ...guarded, onTrial: (title) => void rest.push(title) });
    expect(rest).toHaveLength(4); // trial 1 goes on, 2 and 3, and the best third of three in full
    expect(parseRecord(tuneRecordSchema, readFileSync(join(out, "tune.json"), "utf8"), "tune.json")).toEqual(record);
    const again = await runTune(config, out, { ...guarded, onTrial: () => expect.fail("a trial was done twice") });
    expect({ ...again, createdAt: "", environment: {} }).toEqual({ ...record, createdAt: "", environment: {} });
    for (const key of readdirSync(join(out, "trials", "done")))
      expect(existsSync(join(out, "trials", "done", key, "run", "model.safetensors"))).toBe(false);
  });

  it("records what it looked at, every trial, and the best of those that ran in full", async () => {
    const record = await runTune(config, out, guarded);
    expect(record.trials.map(({ trial, rung, full, epochs }) => [trial, rung, full, epochs])).toEqual([
      [0, 1, true, 3],
      [1, 0, false, 1],
      [2, 0, false, 1],
      [3, 0, false, 1],
      [expect.any(Number), 1, true, 3],
    ]);
    const [, ...drawn] = record.trials;
    const smallest = Math.min(...drawn.slice(0, 3).map(({ objective }) => objective?.value ?? 1));
    expect(drawn.slice(0, 3).find(({ trial }) => trial === drawn[3]?.trial)?.objective?.value).toBe(smallest);
    const full = record.trials.filter((each) => each.full).map(({ objective }) => objective?.value ?? 1);
    expect(record.best.objective.value).toBe(Math.min(...full));
    expect(record.split.counts).toEqual({ train: 90, validation: 30, forget: 9, retain: 63, withheld: 18, test: 0 });
    expect(record.looked.statement).toMatch(/Neither the test set nor Retrain was read/);
    expect(record.best.forget.join(" ")).toMatch(
      /^coppice forget --model .* --method l1-sparse --class 3 --epochs 3 .*--seed 1 --out/,
    );
  });

  it("shows all of it in table and page", async () => {
    const record = await runTune(config, out, guarded);
    const table = renderTuneTable(record);
    expect(table.match(/^\| \d/gm)).toHaveLength(5);
    expect(table).toContain(`(best) | `);
    // An original of one epoch has learnt next to nothing: to leave it as it is cannot be beaten.
    expect(record.betterThanNothing).toBe(false);
    expect(table).toContain("Nothing that was tried is better than leaving the model as it is.");
    expect(table).not.toContain("coppice forget --model");
    const page = await renderTuneReport(record);
    expect(page).toContain("Neither the test set nor Retrain was read");
    expect(page.match(/<svg/g)).toHaveLength(2); // over trials, over lr
    expect(page).not.toContain("undefined");
  });

  it("goes on past trials that diverge; of single images it asks never-seen ones too", async () => {
    const rest: string[] = [];
    const random = { ...config, request: { kind: "random", count: 12 }, search: "lr=0.01|1e30", trials: 2 } as const;
    const options = { ...config.options, epochs: 1 };
    const record = await runTune({ ...random, options, minutes: 5 }, join(work, "diverging"), {
      ...guarded,
      onTrial: (title) => void rest.push(title),
    });
    expect(record.original.scores.neverSeenOut).toBeGreaterThan(0);
    const diverged = record.trials.filter(({ error }) => error !== undefined);
    expect(new Set(diverged.map(({ options: { lr } }) => lr))).toEqual(new Set([1e30]));
    expect(rest.length).toBeGreaterThan(1);
  });

  it("begins no trial after its minutes, but the one without a search", async () => {
    const { trials: _trials, ...untimed } = config;
    const timed = { ...untimed, options: { epochs: 1 }, minutes: 1e-6 };
    const { trials, best, budget, notes } = await runTune(timed, join(work, "timed"), guarded);
    expect([trials.length, best.trial, budget.exhausted]).toEqual([1, 0, true]);
    expect(notes.join(" ")).toMatch(/No trial that ran in full was better/);
  });
});

describe("runTune refuses", () => {
  const { trials: _trials, ...untimed } = config;
  it.each<[string, Partial<TuneConfig>, RegExp]>([
    [
      "an original without images held out",
      { model: join(work, "no-validation") },
      /expected an original with images held out .*--validation|to stand for unseen ones/,
    ],
    ["an unknown option", { search: "gama=1:2" }, /expected an option of l1-sparse/],
    ["a reversed range", { search: "lr=1:0.1" }, /lower end before the higher one/],
    ["no trials", { trials: 0 }, /trials: expected an integer >= 1, got 0/],
    ["no time", { minutes: 0 }, /minutes: expected a finite number > 0/],
    ["the oracle", { method: "retrain" }, /got retrain, which is what others are compared with/],
    [
      "options both given and searched",
      { options: { lr: 1 } },
      /search lr: expected an option either given or searched/,
    ],
    [
      "a method that looks at the held-out images",
      { method: "scrub", options: { rewind: "validation" }, search: "lr=1e-3:1e-1" },
      /picks its result on them/,
    ],
  ])("%s, before it writes", async (_what, change, message) => {
    const out = join(work, "refused");
    await expect(runTune({ ...untimed, ...change }, out, guarded)).rejects.toThrow(message);
    expect(existsSync(out)).toBe(false);
  });

  it("a folder of something else, such as a run", async () => {
    await expect(runTune(config, config.model, guarded)).rejects.toThrow(
      /expected a place apart from .*, which is read, got the same/,
    );
  });
});

it("leaves a command that does as it says", async () => {
  const { search: _search, trials: _trials, withhold: _withhold, ...forget } = config;
  const run = await forgetStage(
    { ...forget, options: { epochs: 1, lr: 0.02 } },
    join(work, "forgotten"),
    quietContext(),
  );
  expect(run.split.counts).toMatchObject({ retain: 81, forget: 9 });
});
