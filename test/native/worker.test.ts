/** A worker thread has tables of its own: it neither sees nor disturbs the tensors of another. */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { expect, it } from "vitest";
import { addonPath, liveTensors, ones } from "../../src/torch/index.ts";

const program = `
  const { parentPort, workerData } = require("node:worker_threads");
  const native = require(workerData.addon);
  const before = native.live();
  let stolen;
  try { stolen = native.describe(workerData.handle); } catch (error) { stolen = error.message; }
  const data = new Float32Array([1, 2, 3]);
  const own = native.fromMemory(data, [3], 6);
  const twice = native.callOperator(native.resolveOperator("aten::add", "Tensor"), own, own);
  const seen = new Float32Array(native.memory(twice));
  native.generatorSeeded(5n, "cpu");
  parentPort.postMessage({ before, stolen, seen: [...seen], after: native.live() });
`;

it("a worker thread has separate tensors and ends without a trace", async () => {
  const mine = ones([2]);
  const before = liveTensors();
  for (let round = 0; round < 3; round++) {
    const worker = new Worker(program, { eval: true, workerData: { addon: addonPath, handle: mine.id } });
    const [message] = (await once(worker, "message")) as [unknown];
    expect(message).toEqual({
      before: 0,
      stolen: "this tensor was disposed, or never was one",
      seen: [2, 4, 6],
      after: 2,
    });
    expect(await once(worker, "exit")).toEqual([0]);
  }
  expect(liveTensors()).toBe(before);
  expect(mine.toArray()).toEqual([1, 1]);
});
