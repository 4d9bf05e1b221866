import { expect, it } from "vitest";
import { liveTensors } from "../../../src/torch/index.ts";
import { predict, score } from "../../../src/train/predict.ts";
import { headOf, linearContext, probabilities, rowsOf } from "../../support/linear-unlearning.ts";

const { model, retain } = linearContext();
const { x, q } = rowsOf(model, retain);
const expected = probabilities(headOf(model), x);
const labels = q.map((row) => row.indexOf(1));

it("gives logits and labels of every image in order, whatever the batches", async () => {
  const whole = await predict(model, retain);
  expect(whole.logits.shape).toEqual([retain.count, 3]);
  expect(whole.labels.toArray().map(Number)).toEqual(labels);
  const done: string[] = [];
  const parts = await predict(model, retain, {
    batchSize: 3,
    onProgress: (images, count) => done.push(`${images}/${count}`),
  });
  expect(done).toEqual(["3/8", "6/8", "8/8"]);
  parts.logits.toArray().forEach((value, i) => expect(value).toBeCloseTo(whole.logits.toArray()[i] ?? NaN, 12));
  expect(whole.logits.softmax(1).toArray()[0]).toBeCloseTo(expected[0]?.[0] ?? NaN, 12);
});

it("stops when asked to, puts the mode back and frees what it had made", async () => {
  const controller = new AbortController();
  model.train();
  const live = liveTensors();
  const stopped = predict(model, retain, {
    batchSize: 3,
    signal: controller.signal,
    onProgress: () => controller.abort(new Error("enough")),
  });
  expect(model.training).toBe(false);
  await expect(stopped).rejects.toThrow("enough");
  expect(model.training).toBe(true);
  expect(liveTensors()).toBe(live);
});

it("scores by mean cross-entropy and accuracy", () => {
  const losses = expected.map((row, n) => -Math.log(row[labels[n] ?? 0] ?? NaN));
  const hits = expected.filter((row, n) => row.indexOf(Math.max(...row)) === labels[n]).length;
  for (const batchSize of [3, 256]) {
    const { loss, accuracy } = score(model, retain, batchSize);
    expect(loss).toBeCloseTo(losses.reduce((a, b) => a + b) / losses.length, 12);
    expect(accuracy).toBe(hits / losses.length);
  }
});
