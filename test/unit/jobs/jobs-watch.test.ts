import { mkdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { Job } from "../../../src/jobs/job.ts";
import { JobStore } from "../../../src/jobs/job-store.ts";
import { JobsWatch } from "../../../src/jobs/jobs-watch.ts";
import { CoppiceError } from "../../../src/util/errors.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const perform = (): Promise<never> => expect.fail("who watches does nothing");
const job = (key: string, after: readonly Job[] = []): Job => ({ key, title: `job ${key}`, after, perform });
const a = job("a");
const [b, c] = [job("b", [a]), job("c", [a])];
const d = job("d", [b, c]);

function finish(store: JobStore, key: string): void {
  const attempt = store.attempt(key) ?? expect.fail(`${key} is not free`);
  mkdirSync(attempt.path, { recursive: true });
  attempt.finish({ title: key, seconds: 1 });
}
const fail = (store: JobStore, key: string): void => store.attempt(key)?.fail(new CoppiceError("E_DATA", `no ${key}`));

interface Seen {
  readonly left: string;
  readonly failed: string;
  readonly ready: string;
}

function lookAt(watch: JobsWatch): Seen {
  const { left, failed, ready } = watch.look();
  const keys = (jobs: readonly Job[]): string => jobs.map(({ key }) => key).join("");
  return { left: keys(left), failed: keys(failed), ready: keys(ready) };
}

describe("a look at the jobs of an experiment", () => {
  it("tells what is left and what of it can be done now, as the jobs before get done", () => {
    const store = new JobStore(temporaryFolder(), 60);
    const watch = new JobsWatch([d], store);
    expect(lookAt(watch)).toEqual({ left: "abcd", failed: "", ready: "a" });
    finish(store, "a");
    expect(lookAt(watch)).toEqual({ left: "bcd", failed: "", ready: "bc" });
    finish(store, "c");
    expect(lookAt(watch)).toEqual({ left: "bd", failed: "", ready: "b" });
    finish(store, "b");
    finish(store, "d");
    expect(lookAt(watch)).toEqual({ left: "", failed: "", ready: "" });
    expect(watch.outcome(watch.look())).toEqual({ failed: [], blocked: [] });
  });

  it("counts what is ready also while it is being done, here or elsewhere", () => {
    const store = new JobStore(temporaryFolder(), 60);
    const watch = new JobsWatch([d], store);
    finish(store, "a");
    store.attempt("b");
    store.attempt("c");
    const state = watch.look();
    expect(watch.status(state, b)).toEqual({ total: 4, done: 1, failed: 0, elsewhere: 1, job: b });
    expect(watch.status(state, null)).toMatchObject({ elsewhere: 2, job: null });
  });

  it("leaves out what failed, and tells at the end what could not be tried because of it", () => {
    const store = new JobStore(temporaryFolder(), 60);
    const watch = new JobsWatch([d], store);
    finish(store, "a");
    fail(store, "b");
    expect(lookAt(watch)).toEqual({ left: "bcd", failed: "b", ready: "c" });
    expect(watch.status(watch.look(), null)).toMatchObject({ total: 4, done: 1, failed: 1 });
    finish(store, "c");
    expect(lookAt(watch)).toEqual({ left: "bd", failed: "b", ready: "" });
    expect(watch.outcome(watch.look())).toEqual({
      failed: [{ job: b, failure: { code: "E_DATA", message: "no b" } }],
      blocked: [d],
    });
  });

  it("tries once more what had failed before, and only once", async () => {
    const store = new JobStore(temporaryFolder(), 60);
    fail(store, "a");
    await sleep(20); // file systems tell time in steps of some milliseconds
    const watch = new JobsWatch([b], store);
    expect(lookAt(watch)).toEqual({ left: "ab", failed: "", ready: "a" });
    fail(store, "a");
    expect(lookAt(watch)).toEqual({ left: "ab", failed: "a", ready: "" });
    expect(watch.outcome(watch.look()).blocked).toEqual([b]);
    expect(lookAt(new JobsWatch([b], store)).ready).toBe("a");
  });

  it("forgets a failure when another process has done the job since", () => {
    const store = new JobStore(temporaryFolder(), 60);
    const watch = new JobsWatch([b], store);
    fail(store, "a");
    expect(lookAt(watch).failed).toBe("a");
    finish(new JobStore(store.path, 60), "a");
    expect(lookAt(watch)).toEqual({ left: "b", failed: "", ready: "b" });
  });

  it("takes of jobs that several want each once", () => {
    const watch = new JobsWatch([b, c, b], new JobStore(temporaryFolder(), 60));
    expect(watch.status(watch.look(), null).total).toBe(3);
  });
});
