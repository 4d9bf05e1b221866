/**
 * Training in shards and slices, so that a deletion costs only what came after the deleted images.
 *
 *   D → S shards → R slices each;  slice i trains e_i = ⌊i ē⌋ - ⌊(i-1) ē⌋ epochs on slices 1..i of its shard,  ē = 2 e / (R + 1)
 *
 * The weights after each slice are kept under the hash of what they came from: the images of all slices so far, and everything else
 * that training depends on. The seed of a slice is that hash too. So weights found under a hash are those that training without the
 * deleted images would give, bit for bit.
 *
 * Symbols    e epochs over a shard, in images seen · S shards · R slices
 * Source     Bourtoule et al., IEEE S&P 2021, arXiv:1912.03817, section IV
 * Reference  cleverhans-lab/machine-unlearning sisa.py
 * Differs    optimiser state is new in each slice and the schedule goes on, where the reference has a constant rate
 */
import { Generator, randperm, scope, type Tensor, tensor } from "../../torch/index.ts";
import { type FitOptions, type Sharpness, sharpnessAware } from "../../train/index.ts";
import { CoppiceError } from "../../util/errors.ts";
import { jsonHash } from "../../util/hash.ts";
import { deriveSeed } from "../../util/seed.ts";
import type { MethodContext, MethodResult, OriginalTraining, SetSizes } from "../method.ts";
import { disposeAll } from "./parameters.ts";
import { select } from "./sources.ts";

/** The most shards, and the most slices of one. */
export const mostParts = 1000;

export interface Sharding {
  /** S ≥ 1. */
  readonly shards: number;
  /** R ≥ 1. */
  readonly slices: number;
}

export interface ShardTraining extends Sharding {
  /** e. */
  readonly epochs: number;
  readonly lr: number;
  readonly weights: "uniform" | "proportional";
  /** Absent: trained as it is. */
  readonly sharpness?: Sharpness;
}

/** What training in shards needs of a method's context. */
export interface ShardContext extends Pick<
  MethodContext,
  "model" | "trainer" | "retain" | "fresh" | "snapshots" | "log"
> {
  readonly original: Pick<OriginalTraining, "recipe" | "imageIndices" | "slices" | "identity">;
}

/** One slice of a shard: what it is trained on, and the names of its weights and of those it starts from. */
export interface Slice {
  readonly shard: number;
  readonly epochs: number;
  /** Epochs of the earlier slices. */
  readonly after: number;
  /** Positions in the retained data, of this and the earlier slices. */
  readonly images: readonly number[];
  readonly key: string;
  readonly from: string | null;
}

/** Positions 0 to `count` - 1 by shard and slice, drawn once: of nearly equal size. */
export function partition(count: number, { shards, slices }: Sharding, seed: number): number[][][] {
  using generator = Generator.seeded(deriveSeed(seed, "shards"));
  const order = scope(() => randperm(count, { generator }).toArray());
  const parts = Array.from({ length: shards }, () => Array.from({ length: slices }, (): number[] => []));
  order.forEach((position, i) => parts[i % shards]?.[Math.floor(i / shards) % slices]?.push(position));
  return parts;
}

/** e_1 … e_R. */
export function sliceEpochs(epochs: number, slices: number): number[] {
  const each = (2 * epochs) / (slices + 1);
  // A product of a quotient may fall just short of the whole number that it is.
  const upTo = (i: number): number => Math.floor(i * each + 1e-9);
  return Array.from({ length: slices }, (_, i) => upTo(i + 1) - upTo(i));
}

/**
 * @param images that are left to train on
 * @throws CoppiceError E_ARG when slices would be empty, or the last one of a shard never trained on
 */
export function checkSharding(how: Sharding & Pick<ShardTraining, "epochs">, images: number): void {
  const { shards, slices, epochs } = how;
  if (shards * slices > images) {
    throw new CoppiceError(
      "E_ARG",
      `shards: expected at least one of ${images} images for each slice, got ${shards} shards of ${slices} slices`,
      { hint: "lower --shards or --slices" },
    );
  }
  if ((sliceEpochs(epochs, slices).at(-1) ?? 0) > 0) return;
  throw new CoppiceError(
    "E_ARG",
    `slices: expected few enough for the last one to be trained on, got ${slices} for ${epochs} epochs`,
    { hint: "lower --slices, or train for more epochs" },
  );
}

/** At least how many images a first slice has, where it has any, when all that are forgotten are of it. */
export function smallestSlice(
  { retain, forget }: Pick<SetSizes, "retain" | "forget">,
  { shards, slices }: Sharding,
): number {
  return Math.max(1, Math.floor((retain + forget) / (shards * slices)) - forget);
}

/** The slices of every shard without the images that are gone. */
export function chains(
  { imageIndices, identity }: Pick<OriginalTraining, "imageIndices" | "identity">,
  how: ShardTraining,
): Slice[][] {
  const { retain, forget } = imageIndices;
  const place = new Map(retain.map((position, i) => [position, i]));
  const epochs = sliceEpochs(how.epochs, how.slices);
  return partition(retain.length + forget.length, how, seedOf(identity)).map((parts, shard) => {
    const contents: number[][] = [];
    let [from, after]: [string | null, number] = [null, 0];
    return parts.map((part, i): Slice => {
      contents.push(part.filter((position) => place.has(position)).sort((a, b) => a - b));
      const { slices: _, weights: __, ...settings } = how;
      const key = jsonHash([identity, settings, shard, epochs.slice(0, i + 1), contents]);
      const images = contents.flat().map((position) => place.get(position) ?? 0);
      const slice = { shard, epochs: epochs[i] ?? 0, after, images, key, from };
      [from, after] = [key, after + slice.epochs];
      return slice;
    });
  });
}

/** A seed from a hash. */
function seedOf(hash: string): number {
  return Number.parseInt(hash.slice(0, 12), 16);
}

/** Trains what no earlier run has trained, and gives the networks. */
export async function trainShards(context: ShardContext, how: ShardTraining): Promise<MethodResult> {
  const { snapshots, log } = context;
  const { slices: kept } = context.original;
  const all = chains(context.original, how);
  // A resumed run has the slices of before its interruption too: what to train was decided at the first start.
  if (!snapshots.has("plan")) {
    const entries = encodePlan(all.flat().filter(({ key }) => !kept.has(key)));
    snapshots.save("plan", entries);
    disposeAll(entries);
  }
  const plan = snapshots.load("plan");
  const missing = all.flat().filter(({ key }) => plan.has(key));
  disposeAll(plan);
  log(
    `${missing.length} of ${all.length * how.slices} slices are to be trained, the others are there; ${new Set(missing.map(({ shard }) => shard)).size} of ${all.length} shards change`,
  );
  for (const slice of missing) await trainSlice(context, how, slice);
  const sizes = all.map((chain) => chain.at(-1)?.images.length ?? 0);
  return {
    ensemble: all.map((chain, shard) => ({
      state: kept.load(chain.at(-1)?.key ?? ""),
      weight: how.weights === "uniform" ? 1 : (sizes[shard] ?? 0),
    })),
  };
}

/** A state with an entry for each: names are what counts. */
function encodePlan(slices: readonly Slice[]): Map<string, Tensor> {
  return new Map(["plan", ...slices.map(({ key }) => key)].map((name) => [name, tensor(new Uint8Array(1))]));
}

async function trainSlice(context: ShardContext, how: ShardTraining, slice: Slice): Promise<void> {
  const { model, trainer, retain } = context;
  const { recipe, slices: kept } = context.original;
  const total = sliceEpochs(how.epochs, how.slices).reduce((sum, epochs) => sum + epochs, 0);
  if (trainer.repeats && !kept.has(slice.key)) throw missingSlice(slice);
  if (!trainer.repeats) loadStart(context, slice);
  trainer.reseed(seedOf(slice.key));
  const { optimizer, schedule } = recipe.fit(model.namedParameters(), total, how.lr);
  if (slice.images.length > 0) {
    using images_M = tensor(BigInt64Array.from(slice.images, BigInt));
    const fit: FitOptions = {
      epochs: slice.epochs,
      optimizer,
      schedule: (epoch, step, steps) => schedule(epoch + slice.after, step, steps),
    };
    await trainer.fit(select(retain, images_M), sharpnessAware(trainer, fit, how.sharpness));
  }
  // Of a slice that was done before an interruption only what was kept is left.
  if (!kept.has(slice.key)) kept.save(slice.key, model.stateDict());
}

function missingSlice({ shard }: Slice): CoppiceError {
  return new CoppiceError(
    "E_CHECKPOINT",
    `sisa: expected the weights of a slice of shard ${shard + 1} that was trained before the interruption, got none`,
    { hint: "restore the folder slices/ of the original, or start this run again with --force" },
  );
}

/** The weights that the slice starts from, in the model. */
function loadStart({ model, fresh, original }: ShardContext, { from, shard }: Slice): void {
  if (from === null) {
    using other = fresh(shard);
    model.loadStateDict(other.stateDict());
    return;
  }
  const state = original.slices.load(from);
  model.loadStateDict(state);
  disposeAll(state);
}
