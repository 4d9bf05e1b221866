/** Threads, versions and devices. */
import { expectInteger } from "../util/assert.ts";
import { shown } from "../util/shown.ts";
import { CoppiceError } from "../util/errors.ts";
import { maxThreads, native } from "./binding.ts";

/** Threads inside of one operator, 1 to 1024. Results are reproducible for the same count only. */
export function setNumThreads(count: number): void {
  expectInteger("threads", count, { min: 1, max: maxThreads });
  native.setThreads(count);
}

export function getNumThreads(): number {
  return native.threads();
}

export function libtorchVersion(): string {
  return native.info().libtorch;
}

/** libtorch's own account of its build: BLAS, oneDNN, OpenMP, instruction sets. */
export function libtorchConfiguration(): string {
  return native.info().configuration;
}

export function cudaAvailable(): boolean {
  return native.info().cudaDevices > 0;
}

/**
 * `device` if this machine has it: `cpu`, `cuda`, `cuda:1`.
 * @param where what names it, for errors
 * @throws CoppiceError E_ARG for what is no device, E_CONFIG for one that is not here
 */
export function checkDevice(device: string, where = "device"): string {
  const match = typeof device === "string" ? /^(cpu|cuda)(?::(\d+))?$/.exec(device) : null;
  if (match === null || (match[1] === "cpu" && match[2] !== undefined)) {
    throw new CoppiceError("E_ARG", `${where}: expected cpu, cuda or cuda:N, got ${shown(device)}`);
  }
  const count = native.info().cudaDevices;
  if (match[1] === "cuda" && Number(match[2] ?? 0) >= count) {
    throw new CoppiceError(
      "E_CONFIG",
      `${where}: expected one this machine has (${count} CUDA devices), got ${device}`,
      {
        hint: "use cpu, or point COPPICE_LIBTORCH to a libtorch built for CUDA and run `npm run setup`",
      },
    );
  }
  return device;
}
