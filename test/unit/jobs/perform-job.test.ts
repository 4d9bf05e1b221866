import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Job } from "../../../src/jobs/job.ts";
import { JobStore } from "../../../src/jobs/job-store.ts";
import { performJob } from "../../../src/jobs/perform-job.ts";
import { quietContext } from "../../../src/stages/index.ts";
import { Interrupted } from "../../../src/train/index.ts";
import { CoppiceError } from "../../../src/util/errors.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const before: Job = { key: "before", title: "before", after: [], perform: () => Promise.resolve() };
const jobOf = (perform: Job["perform"]): Job => ({ key: "a", title: "train", after: [before], perform });

interface Performed {
  readonly store: JobStore;
  readonly said: readonly string[];
}

/** Takes the job's right and does it. */
async function run(perform: Job["perform"], store = new JobStore(temporaryFolder(), 60)): Promise<Performed> {
  const job = jobOf(perform);
  const attempt = store.attempt(job.key) ?? expect.fail("the job is not free");
  const said: string[] = [];
  await performJob({ job, attempt }, store, quietContext({ log: (message) => void said.push(message) }));
  return { store, said };
}

function leave(path: string): void {
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, "half"), "");
}

/** Another process takes the job over while it is done here. */
function overtake(store: JobStore): void {
  const holder = { pid: 1, host: hostname(), started: null };
  writeFileSync(join(store.path, "leases", "a.1"), JSON.stringify({ holder, beat: 0 }));
}

describe("a job that is done", () => {
  it("is kept under its title with its seconds, and can reach the results before it", async () => {
    let folder = "";
    const { store, said } = await run(async (path, folderOf) => {
      folder = folderOf(before);
      leave(path);
      await Promise.resolve();
    });
    expect([store.isDone("a"), folder, said]).toEqual([true, store.folderOf("before"), []]);
    const { title, seconds } = store.done("a");
    expect(title).toBe("train");
    expect(seconds).toBeGreaterThanOrEqual(0);
    expect(seconds).toBeLessThan(60);
  });
});

describe("a job that does not get done", () => {
  it("is recorded and told as failed, and does not stop the process", async () => {
    const { store, said } = await run(() => Promise.reject(new CoppiceError("E_DATA", "no images")));
    expect(store.failure("a")).toEqual({ code: "E_DATA", message: "no images" });
    expect([said, store.isTaken("a")]).toEqual([["train: failed, no images"], false]);
  });

  it("is given back when the process is asked to stop, with what it has left, and is no failure", async () => {
    const store = new JobStore(temporaryFolder(), 60);
    const stopped = run(async (path) => {
      leave(path);
      await Promise.reject(new Interrupted());
    }, store);
    await expect(stopped).rejects.toBeInstanceOf(Interrupted);
    expect([store.failure("a"), store.isTaken("a"), store.isDone("a")]).toEqual([null, false, false]);
    const again = store.attempt("a");
    expect(readFileSync(join(again?.path ?? "", "half"), "utf8")).toBe("");
  });
});

describe("a job that another process has taken over", () => {
  const told = ["train: another process has taken it over and continues it"];

  it("is neither kept nor failed here, however it ends", async () => {
    for (const end of [Promise.resolve(), Promise.reject(new Error("no folder")), Promise.reject(new Interrupted())]) {
      end.catch(() => undefined);
      const store = new JobStore(temporaryFolder(), 60);
      const { said } = await run(async (path) => {
        leave(path);
        overtake(store);
        await end;
      }, store);
      expect([said, store.isDone("a"), store.failure("a"), store.isTaken("a")]).toEqual([told, false, null, true]);
    }
  });
});
