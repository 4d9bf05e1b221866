/** The labels of a source, and images chosen by them. */
import { type Batch, type BatchSource, forEachBatch } from "./batches.ts";
import { cat, type Generator, keep, noGrad, randperm, scope, type Tensor, tensor } from "../torch/index.ts";

/** int64 [M], in the source's order, on the CPU. */
export function labelsOf(source: BatchSource): Tensor {
  const parts: Tensor[] = [];
  forEachBatch(source, 1024, ({ labels }) => parts.push(keep(labels.to("cpu").clone())));
  const all = scope(() => cat(parts));
  for (const part of parts) part.dispose();
  return all;
}

/** That many images of every class, or all where there are fewer, drawn once; class by class, without augmentation. Call it in a scope. */
export function someOfEachClass(source: BatchSource, perClass: number, generator: Generator): Batch {
  const labels = noGrad(() => labelsOf(source)).toArray();
  const chosen = new Map<number, bigint[]>();
  for (const position of randperm(labels.length, { generator }).toArray()) {
    const of = labels[position] ?? 0;
    const list = chosen.get(of) ?? [];
    if (list.length < perClass) list.push(BigInt(position));
    chosen.set(of, list);
  }
  const positions = [...chosen.keys()].sort((a, b) => a - b).flatMap((label) => chosen.get(label) ?? []);
  return source.take(tensor(BigInt64Array.from(positions)), null);
}
