/** The first half: runs all steps with one built program, and keeps what they leave. Taken up where it was when it is run again. */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { CoppiceError } from "../../src/util/errors.ts";
import { drawCifar10 } from "./drawn-cifar10.ts";
import type { Step } from "./step.ts";
import { stepsFor } from "./steps.ts";

export interface RecordOptions {
  /** `bin/coppice.js` of a built checkout. */
  readonly program: string;
  /** Folder to write. */
  readonly out: string;
  /** How the names of the steps to run begin; default all. */
  readonly only?: string;
}

/** What a folder of results says of how it was made. */
export interface Recording {
  readonly commit: string;
  readonly changed: boolean;
  readonly cpu: string;
  readonly threads: number;
  readonly node: string;
  /** Wall seconds by step. */
  readonly seconds: Record<string, number>;
}

export const RECORDING = "recording.json";
/** Of a recorded folder: what the commands have left. */
export const RUNS = "runs";

/** Named, because results are the same bytes only for the same number of them. */
const THREADS = 2;

/** Runs every step that is not done, and says so. @throws CoppiceError E_CONFIG with the output of the first that fails */
export function record(options: RecordOptions): void {
  const work = new Recorder(options);
  const steps = work.steps();
  const wanted = steps.filter(({ name }) => name.startsWith(options.only ?? ""));
  for (const [i, step] of wanted.entries()) {
    const seconds = work.perform(step);
    if (seconds !== undefined) console.log(`${i + 1}/${wanted.length} ${step.name}: ${seconds.toFixed(1)} s`);
  }
  console.log(`${steps.filter(({ name }) => work.isDone(name)).length} of ${steps.length} steps are done`);
}

class Recorder {
  readonly #options: RecordOptions;
  readonly #runs: string;
  readonly #file: string;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #recording: Recording;
  readonly #drawn: string;

  constructor(options: RecordOptions) {
    const out = resolve(options.out);
    this.#options = { ...options, program: resolve(options.program) };
    this.#runs = join(out, RUNS);
    this.#file = join(out, RECORDING);
    this.#drawn = join(out, "cifar10");
    // Beside `out`: the break-even in it is measured once, so that both programs choose alike where no engine can be named.
    const cache = join(dirname(out), "cache");
    this.#environment = { ...process.env, COPPICE_THREADS: String(THREADS), COPPICE_CACHE: cache };
    mkdirSync(this.#runs, { recursive: true });
    drawCifar10(this.#drawn);
    this.#recording = this.#start();
  }

  steps(): Step[] {
    const listed = this.#run([this.#options.program, "methods", "--json"]);
    const methods = JSON.parse(listed) as { readonly name: string }[];
    const processor = existsSync("/proc/cpuinfo") ? readFileSync("/proc/cpuinfo", "utf8") : "";
    return stepsFor({
      methods: methods.map(({ name }) => name),
      bf16: processor.includes("avx512_bf16"),
      drawn: this.#drawn,
    });
  }

  isDone(name: string): boolean {
    return name in this.#recording.seconds;
  }

  /** @returns wall seconds; undefined where it was done before */
  perform({ name, args, script, environment = {}, leaves = [name], output }: Step): number | undefined {
    if (this.isDone(name)) return undefined;
    // What an attempt has left that was cut off.
    for (const path of leaves) rmSync(join(this.#runs, path), { recursive: true, force: true });
    mkdirSync(dirname(join(this.#runs, output ?? name)), { recursive: true });
    const root = new URL("../", pathToFileURL(this.#options.program)).href;
    const start = performance.now();
    const command = script === undefined ? [this.#options.program, ...args] : [script, root, ...args];
    const printed = this.#run(command, environment);
    const seconds = (performance.now() - start) / 1000;
    if (output !== undefined) writeFileSync(join(this.#runs, output), printed);
    this.#recording.seconds[name] = seconds;
    writeFileSync(this.#file, `${JSON.stringify(this.#recording, null, 2)}\n`);
    return seconds;
  }

  /** @throws CoppiceError E_CONFIG for a folder that another program has begun */
  #start(): Recording {
    const root = resolve(dirname(this.#options.program), "..");
    const git = (...args: string[]): string => execFileSync("git", ["-C", root, ...args], { encoding: "utf8" }).trim();
    const now: Recording = {
      commit: git("rev-parse", "HEAD"),
      changed: git("status", "--porcelain", "--untracked-files=no") !== "",
      cpu: cpus()[0]?.model ?? "unknown",
      threads: THREADS,
      node: process.version,
      seconds: {},
    };
    if (!existsSync(this.#file)) return now;
    const before = JSON.parse(readFileSync(this.#file, "utf8")) as Recording;
    if (before.commit === now.commit && before.cpu === now.cpu) return { ...now, seconds: before.seconds };
    throw new CoppiceError(
      "E_CONFIG",
      `${this.#options.out}: expected a folder of ${now.commit}, got one of ${before.commit}`,
      { hint: "remove it, or name another" },
    );
  }

  #run(command: readonly string[], environment: Readonly<Record<string, string>> = {}): string {
    const options = {
      cwd: this.#runs,
      env: { ...this.#environment, ...environment },
      encoding: "utf8",
      maxBuffer: 1 << 26,
    } as const;
    const { status, stdout, stderr, error } = spawnSync(process.execPath, command, options);
    if (status === 0) return stdout;
    throw new CoppiceError(
      "E_CONFIG",
      `${command.join(" ")}: expected it to end well, got ${error?.message ?? stderr}`,
    );
  }
}
