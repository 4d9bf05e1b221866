/** Which of the two ways to compute a pruned network: densely under its mask, or with its live weights only. */
import type { Model } from "../models/index.ts";
import { Linear } from "../nn/index.ts";
import type { Mask } from "../prune/index.ts";
import { type Engine, type EngineConfig, engines } from "../record/engine-config.ts";
import { expectChoice } from "../util/assert.ts";
import { CoppiceError } from "../util/errors.ts";
import { breakEven } from "./break-even.ts";
import { liveShareOf } from "./live-share.ts";
import { type Precision, SparseModel, sparseObstacle } from "./sparse-model.ts";

export { type Engine, engines };

export interface EngineChoice {
  readonly name: "dense" | "sparse";
  readonly reason: string;
  /** Of the activations of the sparse engine; absent: float32. */
  readonly precision?: "bf16" | undefined;
  /** Of a dense training step on this machine, as measured for the choice; absent where nothing was measured. */
  readonly denseSecondsPerImage?: number | undefined;
}

export interface ChoiceOptions {
  /** Of the sparse engine, default float32. */
  readonly precision?: Precision | undefined;
  /** Told when something is measured, which takes its time. */
  readonly log?: (message: string) => void;
  /** What this machine's break-even is; default measured once and kept. */
  readonly breakEven?: typeof breakEven;
}

/**
 * Refuses a demand that cannot be met: by name, or by a precision that the sparse engine alone has.
 * @param lacking what came instead of a model that the engine can run; null where it can
 * @throws CoppiceError E_CONFIG
 */
export function checkSparse({ engine = "auto", precision = "float32" }: EngineConfig, lacking: string | null): void {
  const isDemanded = engine === "sparse" || precision === "bf16";
  const got = precision === "bf16" && engine === "dense" ? "engine dense" : lacking;
  if (!isDemanded || got === null) return;
  const [flag, expected] =
    precision === "bf16"
      ? ["--precision bf16", "a pruned model on the CPU, on the sparse engine"]
      : ["--engine sparse", "a pruned model on the CPU"];
  throw new CoppiceError("E_CONFIG", `${flag}: expected ${expected}, got ${got}`, {
    hint: `leave ${flag.split(" ")[0]} out${lacking === "a model without a mask" ? ", or prune the model first" : ""}`,
  });
}

/**
 * What `engine` means for this model; null for a model without a mask, where there is nothing to choose.
 * @throws CoppiceError E_CONFIG when the sparse engine is demanded and cannot run the model, E_ARG for another name.
 */
export async function chooseEngine(
  engine: Engine,
  model: Model,
  mask: Mask | null,
  options: ChoiceOptions = {},
): Promise<EngineChoice | null> {
  expectChoice("engine", engine, engines);
  const { precision = "float32", log = () => undefined, breakEven: measure = breakEven } = options;
  const obstacle = sparseObstacle(model, precision);
  const lacking = mask === null ? "a model without a mask" : obstacle === null ? null : `a model where ${obstacle}`;
  checkSparse({ engine, precision }, lacking);
  if (mask === null) return null;
  const how = precision === "bf16" ? { precision } : {};
  if (engine !== "auto") return { name: engine, reason: "as asked", ...how };
  if (obstacle !== null) return { name: "dense", reason: obstacle };
  if (model.parameters()[0]?.dtype === "float64") {
    return { name: "dense", reason: "the sparse kernels are slow in float64, which is for tests only" };
  }
  const live = liveShareOf(model, mask);
  const { share, denseSecondsPerImage } = await measure(model.spec, precision, log);
  const reason = `${live.toFixed(3)} of the multiplications are with live weights; on this machine sparse kernels are faster up to ${share.toFixed(2)}`;
  return live < share
    ? { name: "sparse", reason, ...how, denseSecondsPerImage }
    : { name: "dense", reason, denseSecondsPerImage };
}

/**
 * The model and mask to train with. The sparse engine's model holds only the live weights of convolutions, so that they need no mask; the mask that
 * is left is that of the linear layers, which stay dense.
 */
export function applyEngine(
  choice: EngineChoice | null,
  model: Model,
  mask: Mask | null,
): { model: Model; mask: Mask | null } {
  if (choice?.name !== "sparse" || mask === null) return { model, mask };
  return { model: new SparseModel(model, mask, choice.precision), mask: mask.on(linearWeights(model)) };
}

/** Layers that the kernels leave to dense operators. */
function linearWeights(model: Model): Set<string> {
  const linear = [...model.namedModules()].filter(([, module]) => module instanceof Linear);
  return new Set(linear.map(([path]) => `${path}.weight`));
}
