/** What a search leaves behind: `tune.json`, with what it looked at. */
import { defined } from "../util/defined.ts";
import { resolve } from "node:path";
import type { TuneDimension, TuneRecord, TuneTrial } from "../record/index.ts";
import { splitReference } from "../record/split.ts";
import { plural } from "../format/index.ts";
import { invariant } from "../util/errors.ts";
import { environmentRecord } from "../stages/environment.ts";
import { codeVersion } from "../jobs/code-version.ts";
import { now } from "../stages/stage.ts";
import { forgetCommand } from "./forget-command.ts";
import { eta } from "./halving.ts";
import { lookedAt } from "./looked-at.ts";
import type { PreparedTune } from "./prepare.ts";
import type { SearchOutcome } from "./search.ts";

export function tuneRecord(
  tune: PreparedTune,
  search: SearchOutcome,
  { command, out }: { readonly command: readonly string[]; readonly out: string },
): TuneRecord {
  const { config, parent, split, space, rungs, halvingNote } = tune;
  const { trials, minutes } = config;
  const best = bestOf(search.trials);
  invariant(best?.objective, "no trial succeeded");
  const options = { ...config.options, ...best.options };
  return {
    format: "coppice-tune",
    version: 1,
    createdAt: now(),
    command: [...command],
    code: codeVersion("tune"),
    model: { path: resolve(config.model), name: parent.record.name, modelSha256: parent.record.result.modelSha256 },
    method: config.method,
    seed: config.seed,
    split: splitReference(split, parent.loaded.dataset.classNames),
    fixed: { ...config.options },
    search: [...space],
    budget: {
      ...defined({
        trials: trials === undefined && minutes !== undefined ? undefined : (trials ?? rungs[0]?.trials ?? 0),
        minutes,
      }),
      exhausted: search.exhausted,
      seconds: search.seconds,
    },
    halving: { eta, rungs: [...rungs], note: halvingNote },
    looked: lookedAt(tune),
    original: search.original,
    trials: [...search.trials],
    best: { trial: best.trial, options, objective: best.objective, forget: forgetCommand(config, options, out) },
    betterThanNothing: best.objective.value < search.original.objective.value,
    notes: [...notesOn(search, best), ...space.flatMap((each) => atTheEnd(each, best))],
    environment: environmentRecord(config.device),
  };
}

/** The smallest objective of what ran in full; the first of equals. */
function bestOf(trials: readonly TuneTrial[]): TuneTrial | undefined {
  const full = trials.filter((each) => each.full && each.objective !== undefined);
  return full.toSorted((a, b) => (a.objective?.value ?? 0) - (b.objective?.value ?? 0))[0];
}

function notesOn({ trials, original }: SearchOutcome, best: TuneTrial): string[] {
  const worse = (best.objective?.value ?? Infinity) >= original.objective.value;
  const failed = new Set(trials.filter(({ error }) => error !== undefined).map(({ trial }) => trial)).size;
  return [
    ...(worse
      ? [
          "Nothing that was tried is better than leaving the model as it is: by the objective, forgetting with any of these options does more harm than good.",
        ]
      : []),
    "The best of many trials looks better than it is: its objective is the smallest of as many noisy ones. Judge the model that comes of it with `coppice evaluate` and an oracle.",
    ...(best.trial === 0 ? ["No trial that ran in full was better than the options that hold without a search."] : []),
    ...(failed === 0 ? [] : [`${plural(failed, "trial")} failed, as a model does that diverges; the table says why.`]),
  ];
}

/** Of a range, on its scale. */
const margin = 0.1;

/** The best may lie beyond a range that it is at the end of. */
function atTheEnd(dimension: TuneDimension, { options }: TuneTrial): string[] {
  const value = options[dimension.option];
  if (dimension.scale === "choice" || typeof value !== "number") return [];
  const { option, low, high, scale } = dimension;
  const on = (x: number): number => (scale === "log" ? Math.log(x) : x);
  const place = (on(value) - on(low)) / (on(high) - on(low));
  if (place > margin && place < 1 - margin) return [];
  return [`The best ${option}, ${value}, is near an end of its range, ${low} to ${high}: search beyond it too.`];
}
