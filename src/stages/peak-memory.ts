/** Peak resident memory of this process. */
import { readFileSync, writeFileSync } from "node:fs";

/** Starts a new measurement, where the system can (Linux); elsewhere the peak is that of the whole process. */
export function resetPeakMemory(): void {
  if (process.platform !== "linux") return;
  try {
    writeFileSync("/proc/self/clear_refs", "5");
  } catch {
    return; // not permitted in some containers: the peak then covers the whole process, which is an upper bound
  }
}

/** MiB, since `resetPeakMemory` or the start of the process. */
export function peakMemoryMiB(): number {
  if (process.platform === "linux") {
    const kibibytes = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
    if (kibibytes !== undefined) return Number(kibibytes) / 1024;
  }
  return process.resourceUsage().maxRSS / 1024;
}
