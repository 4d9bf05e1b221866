/**
 * Thrown when work stopped because it was asked to; nothing is lost, `resume` continues from the last checkpoint.
 * @example
 * import { Interrupted, train } from "coppice";
 *
 * const options = { data: "embedded", numTrain: 200, numTest: 50, arch: "resnet20s", epochs: 2, batchSize: 64 };
 * const stop = new AbortController();
 * const settings = { signal: stop.signal, onProgress: () => stop.abort() };
 * await train(options, "runs/original", settings).catch((error: unknown) => {
 *   if (error instanceof Interrupted) console.log("stopped, and saved");
 * });
 */
export class Interrupted extends Error {
  override readonly name = "Interrupted";

  constructor() {
    super("interrupted: the state was saved");
  }
}
