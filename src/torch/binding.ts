/** Loads the native addon, and nothing else does. */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { environmentVariable, withEnvironment } from "../util/environment.ts";
import { CoppiceError, messageOf } from "../util/errors.ts";
import { waitingVariables } from "./thread-waiting.ts";

/** A tensor, generator or object as the addon knows it: a number that names a slot and its generation. */
export type Handle = number;

/** What the addon exports; see native/addon/exports.h. */
export interface NativeBinding {
  resolveOperator(name: string, overload: string): number;
  operatorSchema(index: number): string;
  operatorNames(): string[];
  callOperator(index: number, ...args: unknown[]): unknown;
  fromMemory(data: ArrayBufferView, shape: readonly number[], scalarType: number): Handle;
  memory(tensor: Handle): ArrayBuffer;
  describe(tensor: Handle): [number, string, ...number[]];
  item(tensor: Handle): number;
  share(tensor: Handle): Handle;
  free(tensorOrObject: Handle): void;
  live(): number;
  // Lists of tensors are unknown because the addon checks them: see handlesOf.
  backward(outputs: unknown, gradients: unknown, retainGraph: boolean, createGraph: boolean): void;
  gradients(
    outputs: unknown,
    inputs: unknown,
    gradients: unknown,
    retainGraph: boolean,
    createGraph: boolean,
  ): Handle[];
  setGradEnabled(enabled: boolean): boolean;
  requiresGrad(tensor: Handle, value?: boolean): boolean;
  grad(tensor: Handle): Handle | null;
  setGrad(tensor: Handle, gradient: Handle | null): void;
  generatorSeeded(seed: bigint, device: string): Handle;
  generatorState(generator: Handle): Handle;
  generatorSetState(generator: Handle, state: Handle): void;
  generatorFree(generator: Handle): void;
  threads(): number;
  setThreads(count: number): void;
  info(): { libtorch: string; cudaDevices: number; configuration: string };
}

/** Where the build puts the addon: `build/native` of this package, seen from src/torch and dist/torch alike. */
export const addonPath: string = fileURLToPath(new URL("../../build/native/coppice.node", import.meta.url));

/** The operators of our own (`coppice::`), a library that Python loads too. */
export const operatorLibraryPath: string = fileURLToPath(
  new URL("../../build/native/libcoppice_ops.so", import.meta.url),
);

function load(): NativeBinding {
  try {
    return withEnvironment(waitingVariables(), () => createRequire(import.meta.url)(addonPath) as NativeBinding);
  } catch (error) {
    const got = existsSync(addonPath) ? messageOf(error) : "no such file";
    throw new CoppiceError("E_NATIVE", `coppice is not set up: expected the native library ${addonPath}, got ${got}`, {
      cause: error,
      hint: "run `npx coppice setup` (in a clone: `npm run setup`); after a change of libtorch, with `--clean`",
    });
  }
}

/** Physical cores this process may use: hyper-threads share the units that matrix products need. */
export function physicalCores(): number {
  const usable = availableParallelism();
  let text: string;
  try {
    text = readFileSync("/proc/cpuinfo", "utf8");
  } catch {
    return usable; // not Linux: the system offers no portable count of cores
  }
  const cores = new Set<string>();
  for (const processor of text.split("\n\n")) {
    const core = /^core id\s*:\s*(\d+)/m.exec(processor)?.[1];
    const socket = /^physical id\s*:\s*(\d+)/m.exec(processor)?.[1];
    if (core !== undefined) cores.add(`${socket ?? "0"}/${core}`);
  }
  return cores.size === 0 ? usable : Math.min(cores.size, usable);
}

/** Where the system refuses a thread, OpenMP ends the whole process: counts that no machine has are refused before. */
export const maxThreads = 1024;

/** COPPICE_THREADS, else all physical cores. Inside Node, libtorch itself would start with one thread. */
function initialThreads(): number {
  const wanted = environmentVariable("COPPICE_THREADS");
  if (wanted === undefined) return physicalCores();
  const count = Number(wanted);
  if (!Number.isInteger(count) || count < 1 || count > maxThreads) {
    const got = JSON.stringify(wanted);
    throw new CoppiceError("E_ARG", `COPPICE_THREADS: expected an integer from 1 to ${maxThreads}, got ${got}`);
  }
  return count;
}

export const native: NativeBinding = load();
native.setThreads(initialThreads());
