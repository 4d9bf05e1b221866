/**
 * Which weights live: for each pruned parameter a bit an entry. A mask is a value, not a hook: it is made once, saved with the
 * model, and applied by whoever changes weights.
 */
import type { Module } from "../nn/index.ts";
import { copyToArray, disposeAll, keep, noGrad, scope, type Tensor, tensor } from "../torch/index.ts";
import { CoppiceError, invariant } from "../util/errors.ts";
import { jsonHash, sha256Hex } from "../util/hash.ts";

/** Names of mask tensors in a model file: PyTorch's, so that its tools recognise them. */
const suffix = "_mask";

interface MaskLayer {
  readonly shape: readonly number[];
  /** Bit i % 8 of byte i / 8, counted from the lowest: whether entry i (row-major) lives. */
  readonly bits: Uint8Array;
  readonly numel: number;
  readonly nonzero: number;
}

export interface MaskLayerSummary {
  readonly name: string;
  readonly numel: number;
  readonly nonzero: number;
}

export class Mask {
  readonly #layers: ReadonlyMap<string, MaskLayer>;
  // One set of multipliers a dtype and device, made at first use.
  readonly #tensors = new Map<string, ReadonlyMap<string, Tensor>>();

  private constructor(layers: ReadonlyMap<string, MaskLayer>) {
    this.#layers = layers;
  }

  /** From bool or number tensors by parameter name: non-zero lives. */
  static of(tensors: ReadonlyMap<string, Tensor>): Mask {
    const layers = new Map<string, MaskLayer>();
    for (const [name, kept] of tensors) {
      const bytes = scope(() => copyToArray(kept.ne(0), new Uint8Array(kept.numel)));
      layers.set(name, pack(bytes, kept.shape));
    }
    return new Mask(layers);
  }

  /** The masks among the tensors of a model file (`conv1.weight_mask`), or null when it has none. */
  static fromState(state: ReadonlyMap<string, Tensor>): Mask | null {
    const found = [...state].filter(([name]) => name.endsWith(suffix));
    if (found.length === 0) return null;
    return Mask.of(new Map(found.map(([name, kept]) => [name.slice(0, -suffix.length), kept])));
  }

  /** uint8 tensors under `<parameter>_mask`, 1 = lives: for a model file. The caller owns them. */
  toState(): Map<string, Tensor> {
    return new Map(
      [...this.#layers].map(([name, layer]) => [name + suffix, tensor(unpack(layer), { shape: layer.shape })]),
    );
  }

  /** Its part on these parameters, or null when it has none. */
  on(names: ReadonlySet<string>): Mask | null {
    const layers = new Map([...this.#layers].filter(([name]) => names.has(name)));
    return layers.size === 0 ? null : new Mask(layers);
  }

  /** Likewise for each of several networks: the same mask under `<prefix>.<name>`. */
  under(prefixes: readonly string[]): Mask {
    return new Mask(
      new Map(
        prefixes.flatMap((prefix) => [...this.#layers].map(([name, layer]) => [`${prefix}.${name}`, layer] as const)),
      ),
    );
  }

  get names(): string[] {
    return [...this.#layers.keys()];
  }

  /** Masked entries among all entries of masked parameters, 0 to 1. */
  get sparsity(): number {
    const total = this.layers.reduce((sum, { numel }) => sum + numel, 0);
    return total === 0 ? 0 : 1 - this.nonzero / total;
  }

  /** Living entries. */
  get nonzero(): number {
    return this.layers.reduce((sum, { nonzero }) => sum + nonzero, 0);
  }

  get layers(): MaskLayerSummary[] {
    return [...this.#layers].map(([name, { numel, nonzero }]) => ({ name, numel, nonzero }));
  }

  /** Content hash: equal masks, equal hash. */
  get hash(): string {
    return jsonHash([...this.#layers].map(([name, { shape, bits }]) => [name, shape, sha256Hex(bits)]));
  }

  /**
   * Sets every masked weight of `model` to zero.
   * @throws CoppiceError E_CHECKPOINT when the model has no such parameter, or one of another shape.
   */
  apply(model: Module): void {
    const parameters = this.#matching(model);
    noGrad(() => {
      for (const [parameter, kept] of parameters) parameter.mul_(kept);
    });
  }

  /**
   * Sets the gradient of every masked weight to zero. With that, a zero weight stays exactly zero under SGD, Adam and
   * AdamW, momentum and weight decay included, because everything these add up is zero.
   */
  applyToGradients(model: Module): void {
    const parameters = this.#matching(model);
    noGrad(() =>
      scope(() => {
        for (const [parameter, kept] of parameters) parameter.grad?.mul_(kept);
      }),
    );
  }

  /** Sets what is masked to zero in tensors by parameter name, such as sums of gradients. */
  applyTo(tensors: ReadonlyMap<string, Tensor>): void {
    noGrad(() => {
      for (const [name, tensor] of tensors) if (this.#layers.has(name)) tensor.mul_(this.#multiplier(name, tensor));
    });
  }

  dispose(): void {
    for (const tensors of this.#tensors.values()) disposeAll(tensors);
    this.#tensors.clear();
  }

  #matching(model: Module): [Tensor, Tensor][] {
    const parameters = model.namedParameters();
    return [...this.#layers].map(([name, { shape }]) => {
      const parameter = parameters.get(name);
      if (parameter === undefined || parameter.shape.join() !== shape.join()) {
        const got = parameter === undefined ? "no such parameter" : `[${parameter.shape.join(", ")}]`;
        throw new CoppiceError(
          "E_CHECKPOINT",
          `mask of ${name}: expected a parameter of shape [${shape.join(", ")}], got ${got}`,
          {
            hint: "the mask was made for another model",
          },
        );
      }
      return [parameter, this.#multiplier(name, parameter)];
    });
  }

  #multiplier(name: string, { dtype, device }: Tensor): Tensor {
    const key = `${dtype} ${device}`;
    let tensors = this.#tensors.get(key);
    if (tensors === undefined) {
      tensors = new Map(
        [...this.#layers].map(([layer, value]) => [
          layer,
          keep(scope(() => tensor(unpack(value), { shape: value.shape, device }).to(dtype))),
        ]),
      );
      this.#tensors.set(key, tensors);
    }
    const found = tensors.get(name);
    invariant(found, `no mask for ${name}`);
    return found;
  }
}

function pack(bytes: Uint8Array, shape: readonly number[]): MaskLayer {
  const bits = new Uint8Array(Math.ceil(bytes.length / 8));
  let nonzero = 0;
  bytes.forEach((byte, i) => {
    if (byte === 0) return;
    nonzero++;
    bits[i >> 3] = (bits[i >> 3] ?? 0) | (1 << (i & 7));
  });
  return { shape: [...shape], bits, numel: bytes.length, nonzero };
}

function unpack({ bits, numel }: MaskLayer): Uint8Array {
  return Uint8Array.from({ length: numel }, (_, i) => ((bits[i >> 3] ?? 0) >> (i & 7)) & 1);
}
