/**
 * Base class of layers and models: named parameters, buffers and children, in PyTorch's order
 * (own parameters, own buffers, then the children one after another), so that PyTorch's weights load by name.
 */
import { disposeAll, keep, noGrad, scope } from "../torch/index.ts";
import type { DType, Tensor } from "../torch/index.ts";
import { invariant } from "../util/errors.ts";
import { convert } from "./convert.ts";
import { checkStateDict } from "./state-dict.ts";

export abstract class Module {
  /** Batch normalisation uses the batch's own statistics while true; set by `train()` and `eval()`. */
  training = true;

  readonly #parameters = new Map<string, Tensor>();
  readonly #buffers = new Map<string, Tensor>();
  readonly #children = new Map<string, Module>();

  #preHook: ((input: Tensor) => void) | null = null;

  abstract forward(input: Tensor): Tensor;

  /** `forward` in a new scope: intermediate tensors are freed as soon as autograd does not need them. */
  call(input: Tensor): Tensor {
    this.#preHook?.(input);
    return scope(() => this.forward(input));
  }

  /** `hook` is shown the input of every call from here on, null for no hook; it may read it, not keep it: it is freed after the call. */
  setForwardPreHook(hook: ((input: Tensor) => void) | null): void {
    this.#preHook = hook;
  }

  /** Every module by path, itself first under `""`. */
  namedModules(): Map<string, Module> {
    const found = new Map<string, Module>([["", this]]);
    for (const [name, child] of this.#children) {
      for (const [path, module] of child.namedModules()) found.set(join(name, path), module);
    }
    return found;
  }

  namedParameters(): Map<string, Tensor> {
    return this.#collect((module) => module.#parameters);
  }

  parameters(): Tensor[] {
    return [...this.namedParameters().values()];
  }

  namedBuffers(): Map<string, Tensor> {
    return this.#collect((module) => module.#buffers);
  }

  /** Parameters and buffers by name. They are the module's own tensors, not copies: they change as it trains. */
  stateDict(): Map<string, Tensor> {
    return this.#collect((module) => [...module.#parameters, ...module.#buffers]);
  }

  /**
   * Copies the values of `state` into the module's own tensors, which keep their dtype and device.
   * @throws CoppiceError E_CHECKPOINT listing every missing, unexpected and unfitting entry; then nothing was changed.
   */
  loadStateDict(state: ReadonlyMap<string, Tensor>): void {
    const own = this.stateDict();
    checkStateDict(this.constructor.name, own, state);
    noGrad(() =>
      scope(() => {
        for (const [name, value] of state) own.get(name)?.copy_(value);
      }),
    );
  }

  train(mode = true): this {
    for (const module of this.namedModules().values()) module.training = mode;
    return this;
  }

  eval(): this {
    return this.train(false);
  }

  /**
   * Converts in place: a dtype changes floating-point tensors only, a device moves all. Tensors that change are
   * replaced, so make the optimiser afterwards; their gradients are dropped.
   * @throws CoppiceError E_DTYPE for a dtype that is not floating-point.
   */
  to(dtypeOrDevice: DType | string): this {
    for (const module of this.namedModules().values()) {
      for (const tensors of [module.#parameters, module.#buffers]) convertAll(tensors, dtypeOrDevice);
    }
    return this;
  }

  /** Forgets all gradients. */
  zeroGrad(): void {
    for (const parameter of this.parameters()) parameter.grad = null;
  }

  /** Frees every parameter and buffer; the module cannot be used afterwards. */
  dispose(): void {
    disposeAll(this.stateDict());
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  protected registerParameter(name: string, tensor: Tensor): void {
    this.#checkName(name);
    tensor.requiresGrad = true;
    this.#parameters.set(name, keep(tensor));
  }

  protected registerBuffer(name: string, tensor: Tensor): void {
    this.#checkName(name);
    this.#buffers.set(name, keep(tensor));
  }

  protected registerModule<M extends Module>(name: string, module: M): M {
    this.#checkName(name);
    this.#children.set(name, module);
    return module;
  }

  /** Puts another tensor in a parameter's place and frees the old one: make the optimiser afterwards. */
  protected replaceParameter(name: string, tensor: Tensor): void {
    const before = this.parameter(name);
    tensor.requiresGrad = before.requiresGrad;
    this.#parameters.set(name, keep(tensor));
    before.dispose();
  }

  /** The registered parameter of that name. Layers ask each time, because `to` replaces tensors. */
  protected parameter(name: string): Tensor {
    const tensor = this.#parameters.get(name);
    invariant(tensor, `no parameter ${name}`);
    return tensor;
  }

  /** The registered buffer of that name. */
  protected buffer(name: string): Tensor {
    const tensor = this.#buffers.get(name);
    invariant(tensor, `no buffer ${name}`);
    return tensor;
  }

  #checkName(name: string): void {
    const taken = this.#parameters.has(name) || this.#buffers.has(name) || this.#children.has(name);
    invariant(name !== "" && !name.includes(".") && !taken, `${name} is no free name of a parameter, buffer or module`);
  }

  #collect(pick: (module: Module) => Iterable<[string, Tensor]>): Map<string, Tensor> {
    const found = new Map<string, Tensor>();
    for (const [path, module] of this.namedModules()) {
      for (const [name, tensor] of pick(module)) found.set(join(path, name), tensor);
    }
    return found;
  }
}

function join(path: string, name: string): string {
  return path === "" || name === "" ? path + name : `${path}.${name}`;
}

function convertAll(tensors: Map<string, Tensor>, target: DType | string): void {
  for (const [name, tensor] of tensors) {
    const converted = noGrad(() => scope(() => convert(tensor, target)));
    if (converted === tensor) continue;
    converted.requiresGrad = tensor.requiresGrad;
    tensors.set(name, keep(converted));
    tensor.dispose();
  }
}
