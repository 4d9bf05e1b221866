import { mkdirSync } from "node:fs";
import { expect, it } from "vitest";
import type { Job } from "../../../src/jobs/job.ts";
import { JobStore } from "../../../src/jobs/job-store.ts";
import { queueJobs, type QueueJobsOptions } from "../../../src/jobs/queue-jobs.ts";
import { quietContext } from "../../../src/stages/index.ts";
import { Interrupted } from "../../../src/train/index.ts";
import { CoppiceError } from "../../../src/util/errors.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const perform = (): Promise<never> => expect.fail("the process that watches does nothing itself");
const job = (key: string, after: readonly Job[] = []): Job => ({ key, title: `job ${key}`, after, perform });
const a = job("a");
const b = job("b", [a]);

const fast = { pollSeconds: 0.005, againSeconds: 0.05 };

/** As a worker would. */
function finish(store: JobStore, key: string): void {
  const attempt = store.attempt(key);
  mkdirSync(attempt?.path ?? "");
  attempt?.finish({ title: key, seconds: 1 });
}

function fail(store: JobStore, key: string): void {
  store.attempt(key)?.fail(new CoppiceError("E_DATA", "no"));
}

/** Runs a and b; `send` gets the store and how often it was called before. */
async function run(
  send: (keys: readonly string[], store: JobStore, call: number) => Promise<void> | void,
  options: Partial<QueueJobsOptions> & { signal?: AbortSignal; store?: JobStore } = {},
): ReturnType<typeof queueJobs> {
  const { signal, store = new JobStore(temporaryFolder(), 60), ...others } = options;
  let calls = 0;
  const context = quietContext(signal === undefined ? {} : { signal });
  return await queueJobs([b], store, context, {
    send: async (keys) => await send(keys, store, calls++),
    ...fast,
    ...others,
  });
}

it("queues what is ready, and what comes after it once that is done", async () => {
  const sent: string[] = [];
  const said: string[] = [];
  const send = (keys: readonly string[], store: JobStore): void => {
    sent.push(keys.join());
    for (const key of keys) finish(store, key);
  };
  const onStatus: QueueJobsOptions["onStatus"] = ({ done, total }) => void said.push(`${done}/${total}`);
  expect(await run(send, { onStatus })).toEqual({ failed: [], blocked: [] });
  expect(sent).toEqual(["a", "b"]);
  expect([...new Set(said)]).toEqual(["0/2", "1/2", "2/2"]);
});

it("queues again what the queue has lost, and waits for a queue that is away", async () => {
  const sent: string[] = [];
  await run(async (keys, store, call) => {
    sent.push(keys.join());
    if (call === 0) return; // lost
    if (call === 1) await new Promise((resolve) => setTimeout(resolve, 200)); // many looks long
    if (call === 2) throw new CoppiceError("E_CONFIG", "out of memory");
    if (call > 2) for (const key of keys) finish(store, key);
  });
  expect(sent).toEqual(["a", "a", "a", "a", "b"]);
});

it("queues what was begun only once it is given back, and then at once", async () => {
  const sent: string[] = [];
  let given = false;
  const send = (keys: readonly string[], store: JobStore): void => {
    sent.push(keys.join());
    if (sent.length > 1) {
      expect(given).toBe(true);
      return keys.forEach((key) => finish(store, key));
    }
    const attempt = store.attempt("a");
    setTimeout(() => {
      given = true;
      attempt?.giveUp();
    }, 200);
  };
  await run(send, { againSeconds: 60 });
  expect(sent).toEqual(["a", "a", "b"]);
});

it("tells what failed, and tries what had failed before", async () => {
  const store = new JobStore(temporaryFolder(), 60);
  fail(store, "a");
  await new Promise((resolve) => setTimeout(resolve, 20)); // file systems tell time in steps of some milliseconds
  const { failed, blocked } = await run(() => fail(store, "a"), { store });
  expect(failed).toEqual([{ job: a, failure: { code: "E_DATA", message: "no" } }]);
  expect(blocked).toEqual([b]);
});

it("stops when asked to", async () => {
  const controller = new AbortController();
  const running = run(() => controller.abort(), { signal: controller.signal });
  await expect(running).rejects.toBeInstanceOf(Interrupted);
});
