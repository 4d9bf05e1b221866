/**
 * Up to which share of live multiplications the sparse kernels are faster than the dense operators on this machine: measured once for
 * a kind of network, and kept in the user's cache, so that every later run chooses alike.
 *
 *   t(s) = a + b·s    a training step on the sparse kernels, through two measured shares s;  break-even: t(s) = the dense step
 */
import { join } from "node:path";
import { z } from "zod";
import type { BatchSource } from "../data/index.ts";
import { createModel, type Model, type ResolvedModelSpec } from "../models/index.ts";
import { Mask, prunableWeights } from "../prune/index.ts";
import { arange, Generator, getNumThreads, keep, rand, randn, scope } from "../torch/index.ts";
import { stepSeconds } from "../train/index.ts";
import { cpuName } from "../util/cpu.ts";
import { cacheFolder, environmentVariable } from "../util/environment.ts";
import { CoppiceError, messageOf } from "../util/errors.ts";
import { makeFolder, readJson, writeJson } from "../util/files.ts";
import { liveShareOf } from "./live-share.ts";
import { type Precision, SparseModel } from "./sparse-model.ts";

const densities = [0.1, 0.5] as const;

const breakEvenSchema = z.strictObject({
  /** Live multiplications among all, 0 (never faster) to 1. */
  share: z.number().min(0).max(1),
  /** Of a dense training step, input left out. */
  denseSecondsPerImage: z.number().positive(),
  measuredAt: z.iso.datetime(),
});
const cacheSchema = z.record(z.string(), breakEvenSchema);

export type BreakEven = z.infer<typeof breakEvenSchema>;

/**
 * From the cache, or measured: seconds for small networks, up to a minute for large ones. The dense side is in float32 on the CPU.
 * @param precision of the sparse side
 * @param log told when it measures
 */
export async function breakEven(
  spec: ResolvedModelSpec,
  precision: Precision,
  log: (message: string) => void,
): Promise<BreakEven> {
  const file = join(cacheFolder(), "break-even.json");
  const known = read(file);
  const key = keyOf(spec, precision);
  const found = known[key];
  if (found !== undefined) return found;
  log(`measuring once on this machine how sparse ${spec.arch} must be for the sparse kernels to pay`);
  const measured = await measure(spec, precision);
  write(file, { ...known, [key]: measured }, log);
  return measured;
}

/** What the answer depends on. */
export function keyOf(
  { arch, stem, inChannels, imageSize, numClasses }: ResolvedModelSpec,
  precision: Precision = "float32",
): string {
  const kernels = environmentVariable("COPPICE_KERNELS") ?? "fastest kernels";
  const network = `${arch}, ${stem} stem, ${inChannels}x${imageSize}x${imageSize}, ${numClasses} classes`;
  return `${network}; ${cpuName()}, ${getNumThreads()} threads, ${kernels}, ${precision}`;
}

/** The crossing of a line through the two measured shares with the dense time. @param sparse seconds at each of `shares` */
export function crossing(dense: number, shares: readonly [number, number], sparse: readonly [number, number]): number {
  const slope = (sparse[1] - sparse[0]) / (shares[1] - shares[0]);
  // More work took no longer: the network is too small for the times to differ by more than noise. Then one side counts as faster at every share.
  if (slope <= 0) return dense > sparse[1] ? 1 : 0;
  return Math.min(1, Math.max(0, shares[0] + (dense - sparse[0]) / slope));
}

/** What lies in the cache; nothing where it is missing or damaged, since it can be measured again. */
function read(file: string): z.infer<typeof cacheSchema> {
  try {
    return readJson(file, cacheSchema);
  } catch (error) {
    if (error instanceof CoppiceError) return {};
    throw error;
  }
}

function write(file: string, content: z.infer<typeof cacheSchema>, log: (message: string) => void): void {
  try {
    makeFolder(cacheFolder());
    writeJson(file, content);
  } catch (error) {
    log(`${file} cannot be written: the next run measures again (${messageOf(error)})`);
  }
}

/** One of those that are timed against each other. */
interface Variant extends Disposable {
  readonly model: Model;
  /** Of multiplications with live weights. */
  readonly share: number;
}

async function measure(spec: ResolvedModelSpec, precision: Precision): Promise<BreakEven> {
  const batchSize = spec.imageSize > 64 ? 16 : 64;
  const { inChannels, imageSize, numClasses } = spec;
  using generator = Generator.seeded(0);
  using images_NCHW = keep(randn([batchSize, inChannels, imageSize, imageSize], { generator }));
  using labels_N = keep(scope(() => arange(0, batchSize, 1, { dtype: "int64" }).remainder(numClasses)));
  using dense = variant(spec, precision, null);
  using sparser = variant(spec, precision, densities[0]);
  using denser = variant(spec, precision, densities[1]);
  const batch: BatchSource = { count: batchSize, take: () => ({ images: images_NCHW, labels: labels_N }) };
  const [ofDense, ofSparser, ofDenser] = (await stepSeconds([dense, sparser, denser], batch)) as [
    number,
    number,
    number,
  ];
  const share = crossing(ofDense, [sparser.share, denser.share], [ofSparser, ofDenser]);
  return { share, denseSecondsPerImage: ofDense / batchSize, measuredAt: new Date().toISOString() };
}

/** @param density of weights chosen by chance; null: the dense operators */
function variant(spec: ResolvedModelSpec, precision: Precision, density: number | null): Variant {
  using generator = Generator.seeded(1);
  const dense = createModel(spec, generator);
  if (density === null) return { model: dense, share: 1, [Symbol.dispose]: () => dense.dispose() };
  const mask = scope(() =>
    Mask.of(
      new Map([...prunableWeights(dense)].map(([name, { shape }]) => [name, rand(shape, { generator }).lt(density)])),
    ),
  );
  const share = liveShareOf(dense, mask);
  const model = new SparseModel(dense, mask, precision);
  return { model, share, [Symbol.dispose]: () => model.dispose() };
}
