/** An experiment whose jobs workers do, with a real server: workers and the server are killed, and every job is done once. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeEach, expect, it, onTestFinished } from "vitest";
import { type JobSender, openReceiver, openSender } from "../../src/jobs/job-queue.ts";
import type { GridSpec } from "../../src/experiments/index.ts";
import { redisProgram, RedisServer } from "../support/redis-server.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const coppice = fileURLToPath(new URL("../../bin/coppice.js", import.meta.url));

const spec: GridSpec = {
  name: "tiny",
  title: "A tiny grid",
  preset: "quick",
  train: {
    data: { name: "embedded", allowUnverified: false, numTrain: 60, numTest: 20 },
    split: { mode: "standard", validationFraction: 0 },
    arch: "resnet20s",
    stem: "cifar",
    recipe: {
      epochs: 2,
      batchSize: 20,
      optimizer: "sgd",
      lr: 0.05,
      momentum: 0.9,
      weightDecay: 5e-4,
      nesterov: false,
      schedule: "multistep",
      milestones: [0.5, 0.75],
      warmupEpochs: 0,
      augment: false,
    },
    rewindEpoch: 0,
    seed: 1,
    device: "cpu",
  },
  engine: "dense",
  models: [{ id: "dense", label: "dense" }],
  scenarios: [{ id: "class", title: "Class", description: "A class.", request: { kind: "class", classes: [0] } }],
  rows: [{ method: "finetune", options: { epochs: 1, lr: 0.02 } }],
  seeds: [1, 2],
  tests: [],
  findings: [],
  figures: [],
  notes: [],
};
/** For each of two seeds: an original, two ways to forget, three evaluations. */
const jobs = 12;

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
  writeFileSync(
    join(folder, "tiny.js"),
    `export const recipe = ({ seeds = 2 }) => ({ ...${JSON.stringify(spec)}, seeds: [1, 2].slice(0, seeds) });\n`,
  );
});

/** A run of the program, and what it has said. */
class Program {
  readonly #process: ChildProcess;
  readonly #exit: Promise<unknown[]>;
  text = "";

  constructor(...args: string[]) {
    this.#process = spawn(process.execPath, [coppice, ...args], { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
    this.#exit = once(this.#process, "exit");
    this.#process.stderr?.on("data", (data: Buffer) => (this.text += data.toString()));
    onTestFinished(async () => void (await this.end("SIGKILL")));
  }

  /** When it has said so; fails when it ends before. */
  async says(pattern: RegExp): Promise<string> {
    for (;;) {
      const [found] = pattern.exec(this.text) ?? [];
      if (found !== undefined) return found;
      const next = once(this.#process.stderr ?? this.#process, "data");
      if ((await Promise.race([next, this.#exit.then(() => "ended")])) === "ended")
        throw new TypeError(`expected ${pattern}, got:\n${this.text}`);
    }
  }

  /** Its exit code, or what killed it. */
  async end(signal?: NodeJS.Signals): Promise<unknown> {
    if (signal !== undefined) this.#process.kill(signal);
    const [code, killed] = await this.#exit;
    return code ?? killed;
  }

  titles(what: "begun" | "done"): string[] {
    return [...this.text.matchAll(/^(seed .*): (begun|done)/gm)].flatMap(([, title = "", is]) =>
      is === what ? [title] : [],
    );
  }
}

const withServer = redisProgram === undefined ? it.skip : it;
const name = (what: string): string => (redisProgram === undefined ? `left out, no redis-server: ${what}` : what);

withServer(name("every stage is done once, whoever is killed, to the same result as without a queue"), async () => {
  const server = await RedisServer.start();
  const alone = new Program("experiment", "tiny.js", "--out", "alone", "--jobs", "jobs-alone");
  const experiment = new Program("experiment", "tiny.js", "--out", "queued", "--queue", server.url);
  await experiment.says(/jobs are put on/);
  const worker = (): Program => new Program("worker", "--queue", server.url, "--jobs", "jobs");

  const first = worker();
  const [interrupted = ""] = (await first.says(/^seed .*(?=: begun)/m)).split("\n");
  const second = worker();
  expect(await first.end("SIGKILL")).toBe("SIGKILL");

  await second.says(/: begun/);
  await server.kill();
  await Promise.all([experiment, second].map((program) => program.says(/; waiting for it to come back/)));
  await server.restart();
  const third = worker();
  await Promise.all([experiment, second].map((program) => program.says(/: connected again/)));

  expect([await experiment.end(), experiment.text]).toEqual([0, expect.not.stringContaining("failed")]);
  await Promise.all([second, third].map((program) => program.says(/waiting for jobs/)));
  expect(await Promise.all([second.end("SIGTERM"), third.end("SIGINT")])).toEqual([130, 130]);

  const done = [first, second, third].flatMap((program) => program.titles("done"));
  expect(done.toSorted()).toEqual([...new Set(done)].toSorted());
  expect(done).toHaveLength(jobs);
  expect([...second.titles("begun"), ...third.titles("begun")]).toContain(interrupted);
  expect(readdirSync(join(folder, "jobs")).toSorted()).toEqual(["done", "failed", "id.json", "leases"]);
  expect(readdirSync(join(folder, "jobs", "leases"))).toEqual([]);

  expect(await alone.end()).toBe(0);
  const keys = (jobs: string): string[] => readdirSync(join(folder, jobs, "done")).toSorted();
  expect(keys("jobs")).toEqual(keys("jobs-alone"));
  const scores = (out: string): string => readFileSync(join(folder, out, "scores.csv"), "utf8");
  expect(scores("queued")).toBe(scores("alone")); // the models' hashes are in it
});

withServer(name("a worker gives back what it is at when it is stopped, and the next goes on"), async () => {
  const server = await RedisServer.start();
  const experiment = new Program("experiment", "tiny.js", "--seeds", "1", "--out", "out", "--queue", server.url);
  await experiment.says(/jobs are put on/);
  // Longer than the experiment waits before it offers again what was taken and not begun (ten seconds).
  const worker = (): Program => new Program("worker", "--queue", server.url, "--jobs", "jobs", "--idle", "20");
  const stopped = worker();
  await stopped.says(/: begun/);
  expect(await stopped.end("SIGTERM")).toBe(130);
  expect(stopped.text).toContain("Stopped. What was done is saved.");
  const [title] = stopped.titles("begun");
  const next = worker();
  expect(await experiment.end()).toBe(0);
  expect(await next.end()).toBe(0);
  expect(next.titles("begun")[0]).toBe(title);
  expect(next.text).toMatch(/jobs done here; no job came for 20 s$/m);
});

withServer(name("an entry that waits is there once, and comes back when it was taken"), async () => {
  const server = await RedisServer.start();
  const log = (message: string): void => expect.fail(message);
  const sender = await openSender(server.url, { log });
  const receiver = await openReceiver(server.url, { log });
  const [a, b] = ["train-a", "train-b"].map((key) => ({ key, code: "1", store: "2", plugins: [], spec })) as [
    never,
    never,
  ];
  await sender.send([a, b]);
  await sender.send([b, a]);
  const taken: unknown[] = [];
  const take = async (): Promise<void> => void taken.push(await receiver.receive());
  await take();
  await take();
  await take();
  expect(taken).toEqual([a, b, null]);
  await sender.send([a]);
  while (taken.at(-1) === null) await take();
  expect(taken.at(-1)).toEqual(a);
  await sender.close();
  await receiver.close();
  expect(await receiver.receive()).toBeNull();
});

withServer(
  name("a worker refuses what is for other code, stops without a server, and says where none is"),
  async () => {
    const server = await RedisServer.start();
    const entry = { key: "train-a", code: "0123456789abcdef", store: "another", plugins: [], spec };
    const send = async (entries: Parameters<JobSender["send"]>[0]): Promise<void> => {
      const sender = await openSender(server.url, { log: (message) => expect.fail(message) });
      await sender.send(entries);
      await sender.close();
    };
    const path = "/plugins/mine.ts";
    mkdirSync(join(folder, "elsewhere"));
    await send([{ ...entry, plugins: [{ kind: "method", name: "mine", path, sha256: "0".repeat(64) }] }]);
    const lacking = new Program("worker", "--queue", server.url, "--jobs", "elsewhere");
    expect(await lacking.end()).toBe(1);
    expect(lacking.text).toContain(`tiny: expected the method mine in ${path}, got no such file`);
    await send([entry]);
    const refusing = new Program("worker", "--queue", server.url, "--jobs", "elsewhere");
    expect(await refusing.end()).toBe(1);
    expect(refusing.text).toMatch(/tiny: expected the experiment's code 0123456789ab in every worker, got \w{12} here/);
    const waiting = new Program("worker", "--queue", server.url, "--jobs", "elsewhere");
    await waiting.says(/waiting for jobs/);
    await server.kill();
    await waiting.says(/; waiting for it to come back/);
    expect(await waiting.end("SIGTERM")).toBe(130);
    const lost = new Program(
      "experiment",
      "tiny.js",
      "--out",
      "out",
      "--queue",
      `redis://me:secret@127.0.0.1:${server.port}`,
    );
    expect(await lost.end()).toBe(1);
    expect(lost.text).toContain(
      `redis://me:***@127.0.0.1:${server.port}: expected a Redis or Valkey server, got: connect`,
    );
  },
);
