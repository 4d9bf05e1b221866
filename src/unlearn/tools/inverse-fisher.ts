/**
 * The inverse Fisher information times a vector, exactly, by way of an M x M system.
 *
 *   (λ I + (1/D) Gᵀ G)⁻¹ v = (v - Gᵀ (λ D I + G Gᵀ)⁻¹ G v) / λ
 *
 * Symbols    G gradients of M single images, as rows · λ damping · D divisor, M unless said otherwise
 * Source     Woodbury 1950; Singh and Alistarh, NeurIPS 2020, arXiv:2004.14340 (WoodFisher reaches the same by M rank-one updates)
 * Reference  OPTML-Group/Unlearn-Sparse@80ba55d unlearn/Wfisher.py, as it is meant
 * Differs    the gradients of all images are never in memory at once: G Gᵀ is added up over parts of the parameters
 */
import { cat, choleskySolve, eye, keep, linalgCholesky, noGrad, scope, type Tensor, zeros } from "../../torch/index.ts";
import { crossEntropy } from "../../nn/index.ts";
import type { BatchSource } from "../../data/batches.ts";
import type { Model } from "../../models/index.ts";
import type { MethodContext } from "../method.ts";
import { LayerTrace } from "./layer-gradients.ts";
import { type ByParameter, passBatch, sumGradients, zerosLikeParameters } from "./parameters.ts";
import { takeFirst } from "./sources.ts";

/** Over the first `samples` retained images. @param direction v by parameter name @param divisor D, default M */
export async function inverseFisherProduct(
  context: MethodContext,
  direction: ByParameter,
  samples: number,
  { damping = 1, divisor }: { damping?: number; divisor?: number } = {},
): Promise<ByParameter> {
  const source = takeFirst(context.retain, samples);
  const { gram_MM, along_M } = await gradientProducts(context, source, direction);
  using weights_M = context.trainer.work(() =>
    noGrad(() =>
      keep(
        scope(() => {
          const ridge = damping * (divisor ?? source.count);
          const system = gram_MM
            .to("float64")
            .add(eye(source.count, { dtype: "float64", device: gram_MM.device }), ridge);
          const right = along_M.to("float64").unsqueeze(1);
          return choleskySolve(right, linalgCholesky(system)).squeeze(1).div(-damping);
        }),
      ),
    ),
  );
  for (const tensor of [gram_MM, along_M]) tensor.dispose();
  const solution = await weighedGradients(context, source, weights_M);
  noGrad(() => solution.forEach((value, name) => value.add_(direction.get(name) as Tensor, 1 / damping)));
  return solution;
}

/** What the gradients of single images may take at once, in bytes. */
const gradientBytes = 1.5e9;

/** Rows of one parameter: `count` along its first dimension from `start` on. */
interface Rows {
  readonly name: string;
  readonly start: number;
  readonly count: number;
}

interface GradientProducts {
  /** G Gᵀ, [M, M]; kept. */
  readonly gram_MM: Tensor;
  /** G v, [M]; kept. */
  readonly along_M: Tensor;
}

/** Both, part of the parameters by part: as much as fits into memory. What is masked counts as zero. */
async function gradientProducts(
  context: MethodContext,
  source: BatchSource,
  direction: ByParameter,
): Promise<GradientProducts> {
  const { model, trainer } = context;
  model.eval();
  const like = likeParameters(model);
  const gram_MM = keep(zeros([source.count, source.count], like));
  const along_M = keep(zeros([source.count], like));
  for (const group of groupsOfRows(model.namedParameters(), source.count)) {
    using gradients_MP = await gradientsOf(context, source, group);
    trainer.work(() =>
      noGrad(() =>
        scope(() => {
          const rows = group.map(({ name, start, count }) =>
            (direction.get(name) as Tensor).narrow(0, start, count).flatten(),
          );
          gram_MM.add_(gradients_MP.matmul(gradients_MP.t()));
          along_M.add_(gradients_MP.mv(cat(rows)));
        }),
      ),
    );
  }
  return { gram_MM, along_M };
}

/** Every image's gradient of the rows of a group, one after another, [M, P]; kept. */
async function gradientsOf(
  { model, trainer }: MethodContext,
  source: BatchSource,
  group: readonly Rows[],
): Promise<Tensor> {
  const parameters = model.namedParameters();
  const wanted = new Set(group.map(({ name }) => name));
  let width = 0;
  const places = group.map((rows) => {
    const { shape, numel } = parameters.get(rows.name) as Tensor;
    const size = (rows.count * numel) / (shape[0] ?? 1);
    width += size;
    return { ...rows, column: width - size, size };
  });
  const gradients_MP = keep(zeros([source.count, width], likeParameters(model)));
  let image = 0;
  await trainer.pass(source, "gradients of single images", gradientBatch, ({ images, labels }) => {
    using trace = new LayerTrace(model, images);
    const losses_N = crossEntropy(trace.logits_NK, labels, { reduction: "none" });
    const batch_NP = gradients_MP.narrow(0, image, labels.numel);
    const store = (name: string, gradient: Tensor): void => {
      if (!wanted.has(name)) return;
      trainer.mask?.applyTo(new Map([[name, gradient]]));
      for (const { start, count, column, size } of places.filter((place) => place.name === name)) {
        batch_NP.narrow(1, column, size).copy_(gradient.narrow(1, start, count).flatten(1, -1));
      }
    };
    trace.each(losses_N, store, wanted);
    image += labels.numel;
  });
  return gradients_MP;
}

/** The dtype and device of the model's parameters. */
function likeParameters(model: Model): Pick<Tensor, "dtype" | "device"> {
  const [like] = model.parameters();
  return { dtype: like?.dtype ?? "float32", device: like?.device ?? "cpu" };
}

/** Images whose gradients are made in one pass. */
const gradientBatch = 64;

/** Rows of parameters in groups whose gradients of `images` images fit into memory, at least a row each. */
export function groupsOfRows(parameters: ByParameter, images: number, bytes = gradientBytes): Rows[][] {
  const groups: Rows[][] = [[]];
  let left = bytes;
  for (const [name, { shape, numel }] of parameters) {
    const rows = shape[0] ?? 1;
    const bytesPerRow = (images * 4 * numel) / rows;
    for (let start = 0; start < rows;) {
      const fitting = Math.floor(left / bytesPerRow);
      const count = Math.min(rows - start, Math.max(fitting, left === bytes ? 1 : 0));
      if (count === 0) {
        groups.push([]);
        left = bytes;
        continue;
      }
      groups.at(-1)?.push({ name, start, count });
      left -= count * bytesPerRow;
      start += count;
    }
  }
  return groups;
}

/** Gᵀ w. */
async function weighedGradients(context: MethodContext, source: BatchSource, weights_M: Tensor): Promise<ByParameter> {
  const sums = zerosLikeParameters(context.model);
  let start = 0;
  await sumGradients(context, { source, what: "weighed gradients", batchSize: passBatch }, sums, {
    loss: (logits_NK, labels_N) => {
      const losses_N = crossEntropy(logits_NK, labels_N, { reduction: "none" });
      const weights_N = weights_M.narrow(0, start, labels_N.numel).to(losses_N.dtype).to(losses_N.device);
      start += labels_N.numel;
      return losses_N.mul(weights_N).sum();
    },
    combine: (gradient) => gradient,
  });
  return sums;
}
