/** Objects of classes that a library registers with libtorch (`torch::CustomClassHolder`): the plan of `sparsePlan`. */
import { native } from "./binding.ts";
import { adopt, disown, type Owned, type Scope } from "./scope.ts";

/** Made and taken by operators only. Owned and freed as tensors are: see scope.ts. */
export class NativeObject implements Owned, Disposable {
  /** The addon's handle; stale once disposed, and refused by every operator then. */
  readonly id: number;
  /** The scope that will free this object; null where none will. */
  owner: Scope | null = null;

  /** For the tensor layer only: operators return objects. */
  constructor(handle: number) {
    this.id = handle;
    adopt(this);
  }

  /** Gives the handle up now. The object is freed when nothing else (a graph) uses it. Twice is harmless. */
  dispose(): void {
    disown(this);
    native.free(this.id);
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}
