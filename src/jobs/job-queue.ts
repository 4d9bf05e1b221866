/**
 * The queue that hands jobs to workers: BullMQ on Redis or Valkey.
 *
 * It only distributes. A worker takes an entry off the queue the moment it gets it. Whether that worker may do the job, and whether the job is
 * done, is recorded in the folder that all share (`job-store.ts`). So nothing depends on BullMQ's locks, which a training step that blocks the
 * event loop could lose, nor on what the server remembers: the process that watches the folder puts back what is neither done nor under way.
 */
import type { QueueBase, Worker } from "bullmq";
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { pluginSchema } from "../record/index.ts";
import { Interrupted } from "../train/index.ts";
import { CoppiceError, messageOf } from "../util/errors.ts";

const name = "coppice";
/** How long an entry stays with a worker that dies between getting it and taking it off; milliseconds. */
const lockDuration = 60_000;
/** How long a worker waits for an entry before it looks up; seconds. */
const drainDelay = 2;

const entrySchema = z.object({
  key: z.string(),
  /** Of the experiment's process, see `codeVersion`. */
  code: z.string(),
  /** `JobStore.id` of the folder for the result. */
  store: z.string(),
  /** Definitions of users that the job needs. */
  plugins: z.array(pluginSchema),
  /** The specification that the job is a part of; the worker expands it. */
  spec: z.custom<object>((value) => typeof value === "object" && value !== null),
});
/** A job, complete enough for a process that has just started. */
export type QueueEntry = z.infer<typeof entrySchema>;

export interface JobSender {
  /** An entry whose job waits in the queue already changes nothing. While the server is away, it waits for it. */
  send(entries: readonly QueueEntry[]): Promise<void>;
  close(): Promise<void>;
}

export interface JobReceiver {
  /** The next entry, which is off the queue then; null when there was none for a moment, or after `close`. */
  receive(): Promise<QueueEntry | null>;
  close(): Promise<void>;
}

export interface QueueContext {
  readonly log: (message: string) => void;
  /** Ends the wait for the server. */
  readonly signal?: AbortSignal | undefined;
  /** How long a server may leave a request without an answer. Default 10 s. */
  readonly answerSeconds?: number | undefined;
}

/** @throws CoppiceError E_CONFIG when the server cannot be reached or does not answer, Interrupted when asked to stop */
export async function openSender(url: string, context: QueueContext): Promise<JobSender> {
  const { Queue } = await import("bullmq");
  const queue = new Queue(name, { connection: connectionTo(url) });
  await connect(queue, url, context);
  return {
    async send(entries): Promise<void> {
      const answer = queue.addBulk(
        entries.map((data) => ({
          name: "stage",
          data,
          // Nothing of an entry stays behind, so that the job can be queued again under its key.
          opts: { jobId: data.key, removeOnComplete: true, removeOnFail: true },
        })),
      );
      await answerOf(answer, () => context.log(noAnswerText(url, context)), context);
    },
    // By force: a server that is away would be waited for.
    close: () => queue.getBackend().close(true),
  };
}

/** As {@link openSender}. */
export async function openReceiver(url: string, context: QueueContext): Promise<JobReceiver> {
  const { Worker } = await import("bullmq");
  const worker = new Worker(name, null, { connection: connectionTo(url), autorun: false, drainDelay, lockDuration });
  await connect(worker, url, context, () => worker.startStalledCheckTimer());
  let stopWaiting = (): void => undefined;
  let entry: Promise<QueueEntry | null> | undefined;
  return {
    receive: () =>
      new Promise((resolve, reject) => {
        // Closing leaves a request to a server that is away without an answer, whatever it may be.
        stopWaiting = () => resolve(null);
        // A request that was without an answer when the last call ended is waited for by this one.
        entry ??= receiveEntry(worker, context.log).finally(() => (entry = undefined));
        const silent = (): void => {
          context.log(noAnswerText(url, context));
          resolve(null);
        };
        answerOf(entry, silent, context).then(resolve, reject);
      }),
    close: () => {
      stopWaiting();
      return worker.close(true);
    },
  };
}

async function receiveEntry(worker: Worker, log: QueueContext["log"]): Promise<QueueEntry | null> {
  const token = randomUUID();
  try {
    const job = await worker.getNextJob(token);
    if (job === undefined) return null;
    await job.moveToCompleted(null, token, false);
    return entrySchema.parse(job.data);
  } catch (error) {
    // The server was lost in between, or the entry makes no sense: what is not done is queued again.
    if (worker.closing === undefined) {
      log(`queue: ${messageOf(error)}`);
      await sleep(1000);
    }
    return null;
  }
}

function connectionTo(url: string): { url: string; maxRetriesPerRequest: null } {
  if (!URL.canParse(url) || !["redis:", "rediss:"].includes(new URL(url).protocol))
    throw new CoppiceError(
      "E_ARG",
      `--queue: expected an address like redis://host:6379, got ${withoutPassword(url)}`,
      {
        hint: "Valkey speaks the same protocol; rediss:// is encrypted",
      },
    );
  return { url, maxRetriesPerRequest: null };
}

/** `answer`, after telling `silent` where it takes too long. */
async function answerOf<T>(answer: Promise<T>, silent: () => void, { answerSeconds = 10 }: QueueContext): Promise<T> {
  const timer = setTimeout(silent, 1000 * answerSeconds);
  return await answer.finally(() => clearTimeout(timer));
}

function noAnswerText(url: string, { answerSeconds = 10 }: QueueContext): string {
  return `${withoutPassword(url)}: no answer within ${answerSeconds} s; waiting for one`;
}

/**
 * Waits until the server answers the first time, `begin` included; from then on says when it is lost and when it is back. A server may accept
 * a connection and never answer: it is given up after `answerSeconds`.
 */
async function connect(
  end: QueueBase,
  url: string,
  context: QueueContext,
  begin: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  const { log, signal } = context;
  const place = withoutPassword(url);
  const giveUp = new AbortController();
  let open = false;
  let lost = false;
  let closed = false;
  // Client and blocking client report the same server's absence, again with every attempt to reconnect.
  end.on("error", (error: Error) => {
    if (!open) return giveUp.abort(error);
    if (!lost) log(`${place}: ${messageOf(error) || "connection lost"}; waiting for it to come back`);
    lost = true;
  });
  // It counts as ready when it is closed, too: nothing begins then.
  const ready = end.waitUntilReady().then(() => (closed ? undefined : begin()));
  const noAnswer = (): void => giveUp.abort(new TypeError(`no answer within ${context.answerSeconds ?? 10} s`));
  try {
    await Promise.race([answerOf(ready, noAnswer, context), abortOf(giveUp.signal), abortOf(signal)]);
    open = true;
  } catch (error) {
    closed = true;
    await end.getBackend().close(true);
    if (signal?.aborted === true) throw new Interrupted();
    throw new CoppiceError("E_CONFIG", `${place}: expected a Redis or Valkey server, got: ${messageOf(error)}`, {
      cause: error,
      hint: "start one, or correct the address",
    });
  }
  const back = (): void => {
    if (lost) log(`${place}: connected again`);
    lost = false;
  };
  end.getBackend().on("ready", back);
}

/** Rejects with the reason of the signal, once it is given. */
function abortOf(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    const fail = (): void => reject(signal?.reason as Error);
    if (signal?.aborted === true) fail();
    else signal?.addEventListener("abort", fail, { once: true });
  });
}

/** An address as it may be printed and recorded. */
export function withoutPassword(url: string): string {
  return url.replace(/(:\/\/[^:@/\s]*:)\S*@/, "$1***@");
}
