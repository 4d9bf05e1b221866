/**
 * The only training loop. Methods say what to minimise, on what, with which optimiser; batches, masks, progress,
 * interruption, checkpoints and exact resume are done here.
 *
 * Shapes     N batch · C,H,W image · K classes
 */
import { defined } from "../util/defined.ts";
import { setImmediate as nextTurn } from "node:timers/promises";
import { type BatchPlan, plainBatches, smallestBatch, trainingBatches } from "../data/batch-plan.ts";
import { type Batch, type BatchSource, positionsFrom } from "../data/batches.ts";
import type { Module } from "../nn/index.ts";
import type { Optimizer } from "../optim/index.ts";
import type { Mask } from "../prune/mask.ts";
import { arange, Generator, keep, randperm, scope, type Tensor } from "../torch/index.ts";
import { expectInteger } from "../util/assert.ts";
import { deriveSeed } from "../util/seed.ts";
import type { CheckpointFile, FitSummary, Position } from "./checkpoint.ts";
import { divergedAt, expectFiniteState } from "./finite.ts";
import { Interrupted } from "./interrupted.ts";
import { defaultLoss, type FitOptions, type StepContext, type TrainerOptions } from "./options.ts";
import { smallBatchNote } from "./small-batches.ts";
import { restore, snapshot } from "./state.ts";

/** Where a call of `fit` stands, and what its epochs are made of. */
interface Course {
  readonly position: Position;
  readonly batches: BatchPlan;
}

export class Trainer {
  readonly model: Module;
  #mask: Mask | null;
  readonly #options: TrainerOptions;
  readonly #finished: FitSummary[] = [];
  #resume: ReturnType<CheckpointFile["load"]>;
  #savedAt = performance.now();
  #fewestImages = Infinity;

  /** @throws CoppiceError E_CHECKPOINT when there is a checkpoint and it is damaged. */
  constructor(options: TrainerOptions) {
    expectInteger("batchSize", options.batchSize, { min: 1 });
    this.model = options.model;
    this.#mask = options.mask ?? null;
    this.#options = options;
    this.#resume = options.checkpoint?.load() ?? null;
  }

  /** Where a resumed run goes on, null for a new one: in the current call of `fit`, and epochs done in all. */
  get resumedAt(): { readonly epoch: number; readonly step: number; readonly doneEpochs: number } | null {
    if (this.#resume === null) return null;
    const { epoch, step, finished } = this.#resume.position;
    return { epoch, step, doneEpochs: finished.reduce((sum, summary) => sum + summary.epochs, epoch) };
  }

  /** Holds through everything that is trained. */
  get mask(): Mask | null {
    return this.#mask;
  }

  /** From here on another mask holds: between two calls of `fit`, for methods that prune. */
  setMask(mask: Mask | null): void {
    this.#mask = mask;
  }

  /** What is drawn next depends on `seed` alone, not on what was trained before. */
  reseed(seed: number): void {
    for (const [purpose, generator] of Object.entries(this.#options.generators)) {
      using fresh = Generator.seeded(deriveSeed(seed, purpose));
      generator.setState(fresh.getState());
    }
  }

  /** Whether the next call of `fit` was finished before an interruption: then it leaves the weights as they are. */
  get repeats(): boolean {
    return this.#resume?.position.finished[this.#finished.length] !== undefined;
  }

  /** Whether images come in a new order each epoch. */
  get shuffles(): boolean {
    return this.#options.shuffle ?? true;
  }

  get batchSize(): number {
    return this.#options.batchSize;
  }

  /**
   * How a set of `count` images is divided into the batches of its training, for methods that must know. What is to be said of batches so small
   * is said.
   */
  batchesOf(count: number, batchSize = this.batchSize): BatchPlan {
    const batches = trainingBatches(count, batchSize);
    const fewest = smallestBatch(batches);
    if (fewest >= this.#fewestImages) return batches;
    this.#fewestImages = fewest;
    if (this.note !== undefined) this.#options.onNote?.(this.note);
    return batches;
  }

  /** What a reader of the result must know of the batches so far; undefined where there is nothing to say. */
  get note(): string | undefined {
    return smallBatchNote(this.model, this.#fewestImages);
  }

  /** For methods that take batches themselves: what augments training images, null where they are not augmented. */
  get augmenting(): Generator | null {
    return this.#options.augment ? this.#options.generators.augment : null;
  }

  /** Over all calls of `fit` so far. */
  get totals(): Omit<FitSummary, "loss" | "accuracy"> {
    const totals = { epochs: 0, steps: 0, images: 0, seconds: 0, dataSeconds: 0 };
    for (const summary of this.#finished) {
      for (const key of Object.keys(totals) as Array<keyof typeof totals>) totals[key] += summary[key];
    }
    return totals;
  }

  /**
   * Trains on `source`. After a resume, calls that had finished return at once with what they returned then.
   * @throws Interrupted when asked to stop (the state is saved), CoppiceError E_CONFIG when the loss is not finite, or the model at the end.
   */
  async fit(source: BatchSource, options: FitOptions): Promise<FitSummary> {
    expectInteger("epochs", options.epochs, { min: 0 });
    const batches = this.batchesOf(source.count);
    const phase = this.#finished.length;
    const before = this.#resume?.position.finished[phase];
    if (before !== undefined) {
      this.#finished.push(before);
      return before;
    }
    const position = this.#start(phase, options.optimizer);
    this.model.train();
    while (position.epoch < options.epochs) await this.#epoch(source, options, { position, batches });
    // Each step begins with a loss that is finite; what the last one has left is seen here alone.
    if (position.totalSteps > 0) expectFiniteState("training", this.model);
    const summary: FitSummary = {
      epochs: options.epochs,
      steps: position.totalSteps,
      images: options.epochs * source.count,
      seconds: position.seconds,
      dataSeconds: position.dataSeconds,
      loss: position.lastLoss,
      accuracy: position.lastAccuracy,
    };
    this.#finished.push(summary);
    return summary;
  }

  /**
   * Shows `visit` every batch in order, without augmentation, and counts its time like that of training. A resumed run does it again.
   * @param what for the progress line @param batches a batch size, or how the images are divided @throws Interrupted when asked to stop
   */
  async pass(
    source: BatchSource,
    what: string,
    batches: number | BatchPlan,
    visit: (batch: Batch) => void,
  ): Promise<void> {
    const { steps, at } = typeof batches === "number" ? plainBatches(source.count, batches) : batches;
    let seconds = 0;
    for (let step = 0; step < steps; step++) {
      if (this.#options.signal?.aborted === true) throw new Interrupted();
      const started = performance.now();
      const { first, count } = at(step);
      scope(() => visit(source.take(positionsFrom(first, count), null)));
      seconds += (performance.now() - started) / 1000;
      const imagesPerSecond = (first + count) / seconds;
      const secondsLeft = (source.count - first - count) / imagesPerSecond;
      const place = { phase: this.#finished.length, epoch: 1, epochs: 1, step: step + 1, steps };
      this.#options.onStep?.({ what, ...place, loss: 0, accuracy: 0, imagesPerSecond, secondsLeft });
      await nextTurn();
    }
    this.#count(source.count, seconds);
  }

  /** Does what is neither training nor a pass over data, and counts its time. A resumed run does it again. */
  work<T>(action: () => T): T {
    const started = performance.now();
    const result = action();
    this.#count(0, (performance.now() - started) / 1000);
    return result;
  }

  #count(images: number, seconds: number): void {
    this.#finished.push({ epochs: 0, steps: 0, images, seconds, dataSeconds: 0, loss: 0, accuracy: 0 });
  }

  #start(phase: number, optimizer: Optimizer): Position {
    const zero = { epoch: 0, step: 0, totalSteps: 0, lossSum: 0, correct: 0, seen: 0, epochSeconds: 0, seconds: 0 };
    const fresh = { phase, finished: [...this.#finished], ...zero, dataSeconds: 0, lastLoss: 0, lastAccuracy: 0 };
    if (this.#resume === null) return fresh;
    const state = this.#resume;
    this.#resume = null;
    restore(state, { model: this.model, optimizer, ...this.#options.generators });
    return { ...state.position };
  }

  async #epoch(source: BatchSource, options: FitOptions, { position, batches }: Course): Promise<void> {
    const { generators } = this.#options;
    const { steps } = batches;
    const orderState = generators.order.getState();
    const shuffle = options.shuffle ?? this.shuffles;
    using order = keep(shuffle ? randperm(source.count, { generator: generators.order }) : arange(0, source.count));
    while (position.step < steps) {
      if (this.#options.signal?.aborted === true) {
        this.#save(position, options.optimizer, orderState);
        throw new Interrupted();
      }
      this.#step(source, options, { position, batches }, order);
      this.#report(source.count, options.epochs, position, steps);
      if (performance.now() - this.#savedAt > 1000 * (this.#options.checkpointSeconds ?? 30)) {
        this.#save(position, options.optimizer, orderState);
      }
      await nextTurn();
    }
    this.#endEpoch(options, position, steps);
  }

  #step(source: BatchSource, options: FitOptions, { position, batches }: Course, order: Tensor): void {
    const { model, mask } = this;
    const { augment, generators } = this.#options;
    const started = performance.now();
    const { first, count } = batches.at(position.step);
    const { optimizer, schedule, loss: lossOf = defaultLoss } = options;
    const { epoch, step } = position;
    scope(() => {
      const augmenting = augment && (options.augment ?? true) ? generators.augment : null;
      const { images, labels: labels_N } = source.take(order.narrow(0, first, count), augmenting);
      const dataReady = performance.now();
      optimizer.lr = schedule(epoch, step, batches.steps);
      optimizer.zeroGrad();
      const logits_NK = model.call(images);
      const context: StepContext = { images_NCHW: images, logits_NK, labels_N, epoch, step };
      const loss = lossOf(context);
      const value = loss.item();
      if (!Number.isFinite(value)) throw divergedAt(value, { epoch, step, learningRate: optimizer.lr });
      loss.backward();
      options.afterBackward?.(context);
      mask?.applyToGradients(model);
      optimizer.step();
      options.afterStep?.(context, optimizer.lr);
      position.lossSum += value * count;
      position.correct += logits_NK.detach().argmax(1).eq(labels_N).sum().item();
      position.dataSeconds += (dataReady - started) / 1000;
    });
    position.seen += count;
    position.step++;
    position.totalSteps++;
    const seconds = (performance.now() - started) / 1000;
    position.seconds += seconds;
    position.epochSeconds += seconds;
  }

  #report(images: number, epochs: number, position: Position, steps: number): void {
    if (this.#options.onStep === undefined) return;
    const { epoch, step, epochSeconds, seen } = position;
    const rate = seen / epochSeconds;
    this.#options.onStep({
      phase: position.phase,
      epoch: epoch + 1,
      epochs,
      step,
      steps,
      loss: position.lossSum / seen,
      accuracy: position.correct / seen,
      imagesPerSecond: rate,
      secondsLeft: ((epochs - epoch) * images - seen) / rate,
    });
  }

  #endEpoch(options: FitOptions, position: Position, steps: number): void {
    position.lastLoss = position.lossSum / position.seen;
    position.lastAccuracy = position.correct / position.seen;
    const { epoch, epochSeconds } = position;
    const validationAccuracy = this.#options.validate?.();
    this.model.train();
    this.#options.onEpoch?.({
      epoch: this.totals.epochs + epoch + 1,
      step: this.totals.steps + position.totalSteps,
      learningRate: options.schedule(epoch, steps - 1, steps),
      loss: position.lastLoss,
      accuracy: position.lastAccuracy,
      ...defined({ validationAccuracy }),
      ...options.describeEpoch?.(epoch),
      seconds: epochSeconds,
    });
    Object.assign(position, { epoch: epoch + 1, step: 0, lossSum: 0, correct: 0, seen: 0, epochSeconds: 0 });
    options.afterEpoch?.(position.epoch);
  }

  #save(position: Position, optimizer: Optimizer, orderState: Uint8Array): void {
    const { checkpoint, generators } = this.#options;
    if (checkpoint === undefined) return;
    scope(() => checkpoint.save(snapshot(position, { model: this.model, optimizer, ...generators }, orderState)));
    this.#savedAt = performance.now();
  }
}
