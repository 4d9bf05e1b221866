/** Weights kept by name in a folder: one safetensors file each, written completely or not at all. */
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { loadSafetensors, saveSafetensors, type Tensor } from "../torch/index.ts";
import type { StateStore } from "../unlearn/index.ts";
import { makeFolder } from "../util/files.ts";

export class StateFiles implements StateStore {
  readonly #folder: string;

  /** The folder is made when something is saved. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  has(name: string): boolean {
    return existsSync(this.#path(name));
  }

  save(name: string, state: ReadonlyMap<string, Tensor>): void {
    makeFolder(this.#folder);
    saveSafetensors(this.#path(name), state, { format: "coppice-model" });
  }

  load(name: string): Map<string, Tensor> {
    return new Map(loadSafetensors(this.#path(name)).tensors);
  }

  /** Removes all of them. */
  clear(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #path(name: string): string {
    return join(this.#folder, `${name}.safetensors`);
  }
}
