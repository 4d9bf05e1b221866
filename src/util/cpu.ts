/** Which processor this is. */
import { readFileSync } from "node:fs";
import { cpus } from "node:os";

/** Model name, with family and model where the name alone does not tell generations apart. */
export function cpuName(): string {
  const name = cpus()[0]?.model.trim() ?? "unknown";
  if (process.platform !== "linux") return name;
  const text = readFileSync("/proc/cpuinfo", "utf8");
  const family = /^cpu family\s*:\s*(\d+)/m.exec(text)?.[1];
  const model = /^model\s*:\s*(\d+)/m.exec(text)?.[1];
  return family === undefined || model === undefined ? name : `${name} (family ${family}, model ${model})`;
}
