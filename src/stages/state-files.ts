/** Weights kept by name in a folder: one safetensors file each, written completely or not at all, with a hash of name and content. */
import { existsSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { loadSafetensors, saveSafetensors, type Tensor, tensorsHash } from "../torch/index.ts";
import type { StateStore } from "../unlearn/index.ts";
import { CoppiceError } from "../util/errors.ts";
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
    saveSafetensors(this.#path(name), state, { format: "coppice-model", sha256: tensorsHash(name, state) });
  }

  /** Of files of earlier versions, which have no hash, only the form is checked. */
  load(name: string): Map<string, Tensor> {
    const path = this.#path(name);
    this.#check(basename(path));
    const { tensors, metadata } = loadSafetensors(path);
    const { sha256 } = metadata;
    if (sha256 === undefined || sha256 === tensorsHash(name, tensors)) return new Map(tensors);
    throw new CoppiceError("E_CHECKPOINT", `${path}: expected weights of hash ${sha256}, got others`, {
      hint: "the file was changed or damaged after it was written: restore it, or make its run again",
    });
  }

  /** Removes all of them. */
  clear(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #path(name: string): string {
    return join(this.#folder, `${name}.safetensors`);
  }
}
