/** What a search will do and look at, and everything that can be refused before it begins. */
import type { ImageDataset } from "../data/dataset.ts";
import type { TuneDimension } from "../record/index.ts";
import type { SplitManifest } from "../record/split.ts";
import { methodNamed } from "../unlearn/index.ts";
import { expectInteger, expectPositive } from "../util/assert.ts";
import { CoppiceError } from "../util/errors.ts";
import type { ForgetConfig } from "../stages/config.ts";
import { prepareForget, type PreparedForget } from "../stages/forget.ts";
import type { StageContext } from "../stages/stage.ts";
import { BlindDataContext } from "./blind-data.ts";
import type { TuneConfig } from "./config.ts";
import { eta, type Rung, rungsOf } from "./halving.ts";
import { defaultSpace, parseSearch } from "./search-space.ts";
import { numberedClass } from "../util/numbered-class.ts";

/** Share of the retained images that is kept from the method. */
export const defaultWithhold = 0.1;

const defaultTrials = 16;
/** Trials of a bracket where time is the budget: two halvings at most, and a new draw soon. */
const timedTrials = eta ** 2;

export interface PreparedTune extends PreparedForget {
  readonly config: TuneConfig;
  /** Of a trial; its own options are added. */
  readonly forget: ForgetConfig;
  readonly space: readonly TuneDimension[];
  readonly rungs: readonly Rung[];
  /** Why they are so. */
  readonly halvingNote: string;
  /** Without test images. */
  readonly context: StageContext;
}

/**
 * @throws CoppiceError E_ARG for a budget, ranges or options out of order; E_CONFIG for a model that was trained without images held out, a
 *   method with nothing to tune, and whatever `coppice forget` refuses
 */
export async function prepareTune(config: TuneConfig, outer: StageContext): Promise<PreparedTune> {
  const method = methodNamed(config.method);
  const { trials, minutes, search } = config;
  if (trials !== undefined) expectInteger("trials", trials, { min: 1 });
  if (minutes !== undefined) expectPositive("minutes", minutes);
  checkTunable(method);
  const given = search === undefined ? undefined : parseSearch(search, method);
  checkNotFixed(given ?? [], config);
  const context = { ...outer, data: new BlindDataContext(outer.data) };
  const forget = forgetConfig(config);
  const prepared = await prepareForget(forget, context);
  checkNeverSeen(prepared.split, prepared.parent.loaded.dataset, config.model);
  const { options } = prepared;
  if (method.needsValidation?.(options) === true || given?.some((each) => needsHeldOut(method, options, each))) {
    throw new CoppiceError(
      "E_CONFIG",
      `${method.name}: expected options that leave the images held out of training to the search's objective, got some with which the method itself picks its result on them`,
      { hint: "search without that option, then set it by hand" },
    );
  }
  const epochs = given?.some(({ option }) => option === "epochs") === true ? null : (options["epochs"] ?? null);
  return {
    ...prepared,
    config,
    forget,
    context,
    space: given ?? defaultSpace(method, options, config.options),
    rungs: rungsOf(
      trials ?? (minutes === undefined ? defaultTrials : timedTrials),
      epochs === null ? null : Number(epochs),
    ),
    halvingNote: noteOn(method.name, epochs, "epochs" in method.options),
  };
}

function forgetConfig({ search: _search, trials: _trials, minutes: _minutes, ...config }: TuneConfig): ForgetConfig {
  return config;
}

type Tuned = PreparedForget["method"];

function checkTunable({ name, needs }: Tuned): void {
  if (needs.start === "original") return;
  const why = name === "retrain" ? "which is what others are compared with" : "which trains again from the start";
  throw new CoppiceError("E_CONFIG", `tune: expected a method that changes the original, got ${name}, ${why}`, {
    hint: "its options are those of the original's training",
  });
}

function checkNotFixed(space: readonly TuneDimension[], { options }: TuneConfig): void {
  const both = space.find(({ option }) => option in options);
  if (both === undefined) return;
  throw new CoppiceError("E_ARG", `search ${both.option}: expected an option either given or searched, got both`);
}

function needsHeldOut(method: Tuned, options: PreparedForget["options"], dimension: TuneDimension): boolean {
  if (dimension.scale !== "choice") return false;
  return dimension.choices.some(
    (value) => method.needsValidation?.({ ...options, [dimension.option]: value }) === true,
  );
}

/** Of every class that is forgotten one never-seen image for the membership attack to learn from and one to ask it about. */
const neededOfAClass = 2;

/** Images that the original has never seen must be there, of what is forgotten as of what is not. */
function checkNeverSeen({ indices, scenario }: SplitManifest, dataset: ImageDataset, model: string): void {
  const { labels } = dataset.train;
  const counts = new Map<number, number>();
  for (const index of indices.validation) {
    const label = labels[index] ?? -1;
    counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  const hint =
    "train the original again with --validation 0.1: images that it is trained on cannot stand for unseen ones";
  if (indices.validation.length === 0) {
    throw new CoppiceError(
      "E_CONFIG",
      `${model}: expected an original with images held out of its training, to stand for unseen ones, got one trained on all`,
      { hint },
    );
  }
  const few = [...new Set(indices.forget.map((index) => labels[index] ?? -1))].find(
    (label) => (counts.get(label) ?? 0) < neededOfAClass,
  );
  if (few !== undefined) {
    const got = counts.get(few) ?? 0;
    throw new CoppiceError(
      "E_CONFIG",
      `${model}: expected ${neededOfAClass} or more images of every class of the forget set held out of training, got ${got} of class ${numberedClass(few, dataset.classNames)}`,
      { hint },
    );
  }
  const gone = new Set(scenario.kind === "class" ? scenario.classes : []);
  if ([...counts.keys()].some((label) => !gone.has(label))) return;
  throw new CoppiceError("E_CONFIG", `${model}: expected held-out images of a class that is kept, got none`, { hint });
}

function noteOn(method: string, epochs: unknown, has: boolean): string {
  if (epochs !== null)
    return `epochs are the resource; a trial that goes on starts again, for its schedule depends on them`;
  return has
    ? "none, epochs are searched, and cannot be the resource as well"
    : `none, ${method} has no epochs to save, every trial runs in full`;
}
