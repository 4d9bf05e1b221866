/**
 * Up to which share of live multiplications the sparse kernels are faster than the dense operators on this machine: measured once for
 * a kind of network, and kept in the user's cache, so that every later run chooses alike.
 *
 *   t(s) = a + b·s    a training step on the sparse kernels, through two measured shares s;  break-even: t(s) = the dense step
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { BatchSource } from "../data/index.ts";
import { createModel, type Model, type ResolvedModelSpec } from "../models/index.ts";
import { constant, sgd } from "../optim/index.ts";
import { Mask, prunableWeights } from "../prune/index.ts";
import { arange, Generator, getNumThreads, keep, rand, randn, scope } from "../torch/index.ts";
import { Trainer } from "../train/index.ts";
import { cpuName } from "../util/cpu.ts";
import { cacheFolder, environmentVariable } from "../util/environment.ts";
import { CoppiceError, messageOf } from "../util/errors.ts";
import { readJson, writeJson } from "../util/files.ts";
import { liveShareOf } from "./live-share.ts";
import { type Precision, SparseModel } from "./sparse-model.ts";

const densities = [0.1, 0.5] as const;
const timedSteps = 3;

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
  // Time that does not grow with the work is noise around work too small to be timed: then one side is faster throughout.
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
    mkdirSync(cacheFolder(), { recursive: true });
    writeJson(file, content);
  } catch (error) {
    log(`${file} cannot be written: the next run measures again (${messageOf(error)})`);
  }
}

interface Contestant extends Disposable {
  readonly model: Model;
  readonly seconds: number[];
  /** Of multiplications with live weights. */
  readonly share: number;
}

async function measure(spec: ResolvedModelSpec, precision: Precision): Promise<BreakEven> {
  const batchSize = spec.imageSize > 64 ? 16 : 64;
  const { inChannels, imageSize, numClasses } = spec;
  using generator = Generator.seeded(0);
  using images_NCHW = keep(randn([batchSize, inChannels, imageSize, imageSize], { generator }));
  using labels_N = keep(scope(() => arange(0, batchSize, 1, { dtype: "int64" }).remainder(numClasses)));
  using dense = contestant(spec, precision, null);
  using sparser = contestant(spec, precision, densities[0]);
  using denser = contestant(spec, precision, densities[1]);
  // In turns, so that a machine growing slower favours nobody; the first step of each makes what later ones reuse.
  const batch: BatchSource = { count: batchSize, take: () => ({ images: images_NCHW, labels: labels_N }) };
  for (let turn = 0; turn <= timedSteps; turn++) {
    for (const { model, seconds } of [dense, sparser, denser]) {
      const taken = await stepSeconds(model, batch);
      if (turn > 0) seconds.push(taken);
    }
  }
  const share = crossing(fastest(dense), [sparser.share, denser.share], [fastest(sparser), fastest(denser)]);
  return { share, denseSecondsPerImage: fastest(dense) / batchSize, measuredAt: new Date().toISOString() };
}

// Whatever else the machine does only adds to a step.
const fastest = ({ seconds }: Contestant): number => Math.min(...seconds);

/** @param density of weights chosen by chance; null: the dense operators */
function contestant(spec: ResolvedModelSpec, precision: Precision, density: number | null): Contestant {
  using generator = Generator.seeded(1);
  const dense = createModel(spec, generator);
  if (density === null) return { model: dense, share: 1, seconds: [], [Symbol.dispose]: () => dense.dispose() };
  const mask = scope(() =>
    Mask.of(
      new Map([...prunableWeights(dense)].map(([name, { shape }]) => [name, rand(shape, { generator }).lt(density)])),
    ),
  );
  const share = liveShareOf(dense, mask);
  const model = new SparseModel(dense, mask, precision);
  return { model, share, seconds: [], [Symbol.dispose]: () => model.dispose() };
}

async function stepSeconds(model: Model, batch: BatchSource): Promise<number> {
  using order = Generator.seeded(2);
  const trainer = new Trainer({ model, generators: { order, augment: order }, batchSize: batch.count, augment: false });
  const optimizer = sgd(model.namedParameters(), { lr: 0 });
  const { seconds } = await trainer.fit(batch, { epochs: 1, optimizer, schedule: constant({ lr: 0 }) });
  return seconds;
}
