/** Sources of batches made of other sources: joined, with other labels, or with some of the images only. */
import type { Batch, BatchSource } from "../../data/batches.ts";
import { cat, type Generator, keep, randperm, scope, type Tensor } from "../../torch/index.ts";
import { CoppiceError } from "../../util/errors.ts";

/** `first`, then `second`. A batch holds what it takes of the first before what it takes of the second. */
export function concatenate(first: BatchSource, second: BatchSource): BatchSource {
  const split = first.count;
  return {
    count: first.count + second.count,
    take(positions_N: Tensor, augment: Generator | null): Batch {
      const inFirst = positions_N.lt(split);
      const parts: Batch[] = [];
      const [own, other] = [
        positions_N.maskedSelect(inFirst),
        positions_N.maskedSelect(inFirst.logicalNot()).sub(split),
      ];
      if (own.numel > 0) parts.push(first.take(own, augment));
      if (other.numel > 0) parts.push(second.take(other, augment));
      return {
        images: cat(parts.map(({ images }) => images)),
        labels: cat(parts.map(({ labels }) => labels)),
      };
    },
  };
}

/**
 * The images of `source` under other labels. @param labels_M int64 [M], kept by the caller while the source is used
 * @throws CoppiceError E_SHAPE for another number of labels
 */
export function relabel(source: BatchSource, labels_M: Tensor): BatchSource {
  if (labels_M.numel !== source.count) {
    throw new CoppiceError("E_SHAPE", `labels: expected one for each of ${source.count} images, got ${labels_M.numel}`);
  }
  return {
    count: source.count,
    take(positions_N: Tensor, augment: Generator | null): Batch {
      const { images } = source.take(positions_N, augment);
      return { images, labels: labels_M.indexSelect(0, positions_N.to(labels_M.device)).to(images.device) };
    },
  };
}

/** The images at `positions_M` of `source`, int64 [M], kept by the caller while it is used. */
export function select(source: BatchSource, positions_M: Tensor): BatchSource {
  return {
    count: positions_M.numel,
    take: (positions_N, augment) =>
      source.take(positions_M.indexSelect(0, positions_N.to(positions_M.device)), augment),
  };
}

/** Random positions of `count` of a source's images, without replacement, int64 [count]; the caller disposes of it. */
export function drawPositions(source: BatchSource, count: number, generator: Generator): Tensor {
  return keep(scope(() => randperm(source.count, { generator }).narrow(0, 0, count).clone()));
}

/** The first `count` images, or all where there are fewer. */
export function takeFirst(source: BatchSource, count: number): BatchSource {
  return {
    count: Math.min(count, source.count),
    take: (positions_N, augment) => source.take(positions_N, augment),
  };
}
