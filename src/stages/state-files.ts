/** Weights kept by name in a folder: one safetensors file each, written completely or not at all. */
import { existsSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { loadSafetensors, saveSafetensors, type Tensor } from "../torch/index.ts";
import type { StateStore } from "../unlearn/index.ts";
import { makeFolder } from "../util/files.ts";

export class StateFiles implements StateStore {
  readonly #folder: string;
  readonly #check: (file: string) => void;

  /** The folder is made when something is saved. @param check told the name of a file before it is read; throws when it must not be */
  constructor(folder: string, check: (file: string) => void = () => undefined) {
    this.#folder = folder;
    this.#check = check;
  }

  has(name: string): boolean {
    return existsSync(this.#path(name));
  }

  save(name: string, state: ReadonlyMap<string, Tensor>): void {
    makeFolder(this.#folder);
    saveSafetensors(this.#path(name), state, { format: "coppice-model" });
  }

  load(name: string): Map<string, Tensor> {
    this.#check(basename(this.#path(name)));
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
