/** The Python that has PyTorch, for comparisons. */
import { spawnSync } from "node:child_process";

export interface PythonTorch {
  readonly executable: string;
  readonly version: string;
}

/** @throws TypeError where there is none */
export function requirePython(): string {
  const python = pythonWithTorch();
  if (python !== undefined) return python.executable;
  throw new TypeError("no python3 with torch: install python3-torch, or name one in COPPICE_PYTHON");
}

/** `COPPICE_PYTHON`, `python3` on the path or the system's: the first that can import torch; undefined where none can. */
export function pythonWithTorch(): PythonTorch | undefined {
  const chosen = process.env["COPPICE_PYTHON"];
  for (const executable of chosen === undefined ? ["python3", "/usr/bin/python3"] : [chosen]) {
    const found = spawnSync(executable, ["-c", "import torch; print(torch.__version__)"], { encoding: "utf8" });
    if (found.status === 0) return { executable, version: found.stdout.trim() };
  }
  return undefined;
}
