/** One side of a comparison: a process that lives through the whole benchmark and works on command. */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface, type Interface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { Engine, Precision } from "../src/sparse/index.ts";
import { physicalCores } from "../src/torch/index.ts";
import { requirePython } from "./python.ts";

export interface Ready {
  readonly threads: number;
  readonly versions: Readonly<Record<string, string>>;
}

/** Writes a line, reads a line of JSON: `steps 5` or `evaluate 5` → `{"seconds": 1.2}`, `peak` → `{"peakMiB": 900}`. Ends with its input. */
export class Side implements AsyncDisposable {
  readonly #process: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: AsyncIterator<string>;
  readonly #reader: Interface;

  /** @param variables of the environment, besides those of this process */
  constructor(command: string, args: readonly string[], variables: Readonly<Record<string, string>> = {}) {
    const env = { ...process.env, ...variables };
    this.#process = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"], env });
    this.#reader = createInterface({ input: this.#process.stdout });
    this.#lines = this.#reader[Symbol.asyncIterator]();
  }

  /** The next line of JSON that the process writes; the first says that it is ready. */
  async answer<T>(): Promise<T> {
    const { value, done } = await this.#lines.next();
    if (done === true) throw new TypeError("a side of the comparison ended early, see its message above");
    return JSON.parse(value) as T;
  }

  async ask<T>(request: string): Promise<T> {
    this.#process.stdin.write(`${request}\n`);
    return await this.answer<T>();
  }

  async seconds(steps: number): Promise<number> {
    return (await this.ask<{ seconds: number }>(`steps ${steps}`)).seconds;
  }

  async evaluationSeconds(batches: number): Promise<number> {
    return (await this.ask<{ seconds: number }>(`evaluate ${batches}`)).seconds;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#process, "exit");
    this.#process.stdin.end();
    await ended;
    this.#reader.close();
  }
}

/** Waits until all are ready; gives the versions of all. @throws TypeError when they do not have the same number of threads */
export async function ready(sides: readonly Side[]): Promise<Record<string, string>> {
  const answers = [];
  for (const side of sides) answers.push(await side.answer<Ready>());
  const threads = answers.map((answer) => answer.threads);
  if (new Set(threads).size > 1) throw new TypeError(`the sides have ${threads.join(" and ")} threads`);
  return Object.assign({}, ...answers.map(({ versions }) => versions)) as Record<string, string>;
}

/**
 * Seconds of every side, in the sides' order, for each of `pairs` rounds. Each round starts with another side, so that a machine growing
 * slower favours nobody.
 */
export async function inTurns(
  sides: readonly Side[],
  pairs: number,
  seconds: (side: Side) => Promise<number>,
): Promise<number[][]> {
  const rounds: number[][] = [];
  for (let pair = 0; pair < pairs; pair++) {
    const first = pair % sides.length;
    const each = new Map<Side, number>();
    for (const side of [...sides.slice(first), ...sides.slice(0, first)]) each.set(side, await seconds(side));
    rounds.push(sides.map((side) => each.get(side) ?? NaN));
  }
  return rounds;
}

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** What our side is to prune: `uniform` by chance, or `global` by magnitude in the trained model of that file. */
export interface Pruning {
  readonly sparsity: number;
  readonly allocation: "uniform" | "global";
  readonly model?: string;
}

export interface OurOptions {
  /** Default resnet18. */
  readonly arch?: string;
  readonly batchSize?: number;
  readonly pruning?: Pruning;
  /** Of a pruned model, default sparse. */
  readonly engine?: Engine;
  /** Of the sparse engine, default float32. */
  readonly precision?: Precision;
}

/** Trains ResNet-18, or another network, with this library, as compiled by `npm run build`: what a user runs. */
export function ourTraining(options: OurOptions = {}, variables: Readonly<Record<string, string>> = {}): Side {
  return new Side(process.execPath, [path("sides/train-resnet18.mjs"), JSON.stringify(options)], variables);
}

/** Trains ResNet-18 with PyTorch from Python, on as many threads as we use. */
export function pytorchTraining(layout: "contiguous" | "channels-last" = "contiguous", batchSize = 64): Side {
  return new Side(requirePython(), [
    path("peers/train_resnet18.py"),
    String(physicalCores()),
    layout,
    String(batchSize),
  ]);
}
