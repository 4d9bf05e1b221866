/** Seeded random numbers: one generator a purpose, its state saved with every checkpoint. */
import { shown } from "../util/shown.ts";
import { CoppiceError } from "../util/errors.ts";
import { native } from "./binding.ts";
import { dtypeCode } from "./dtype.ts";
import { nativeError } from "./operator.ts";

const collector = new FinalizationRegistry<number>((id) => native.generatorFree(id));

export class Generator implements Disposable {
  readonly id: number;

  private constructor(handle: number) {
    this.id = handle;
    collector.register(this, handle, this);
  }

  /** A generator that starts from `seed` (0 to 2^64 - 1) on `device`. On the CPU it is PyTorch's own (MT19937). */
  static seeded(seed: number | bigint, device = "cpu"): Generator {
    const valid = typeof seed === "bigint" ? seed >= 0n && seed < 2n ** 64n : Number.isSafeInteger(seed) && seed >= 0;
    if (!valid) throw new CoppiceError("E_ARG", `seed: expected an integer from 0 to 2^64 - 1, got ${shown(seed)}`);
    try {
      return new Generator(native.generatorSeeded(BigInt(seed), device));
    } catch (error) {
      throw nativeError("Generator.seeded", [seed, device], error);
    }
  }

  /** Everything the next draws depend on. */
  getState(): Uint8Array {
    try {
      const handle = native.generatorState(this.id);
      try {
        return Uint8Array.from(new Uint8Array(native.memory(handle)));
      } finally {
        native.free(handle);
      }
    } catch (error) {
      throw nativeError("Generator.getState", [], error);
    }
  }

  /** Goes on as the generator did whose `getState` gave `state`; it must have been one of the same device type. */
  setState(state: Uint8Array): void {
    if (!(state instanceof Uint8Array)) {
      throw new CoppiceError("E_ARG", `Generator.setState: expected the bytes of getState, got ${typeof state}`);
    }
    try {
      const handle = native.fromMemory(Uint8Array.from(state), [state.length], dtypeCode("uint8"));
      try {
        native.generatorSetState(this.id, handle);
      } finally {
        native.free(handle);
      }
    } catch (error) {
      throw nativeError("Generator.setState", [`${state.length} bytes`], error);
    }
  }

  dispose(): void {
    collector.unregister(this);
    native.generatorFree(this.id);
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}
