/**
 * What `import … from "coppice"` and its subpaths mean in a user's file that this process loads: this very Coppice, so that there is one
 * registry of each kind and one class of tensors, wherever the file lies.
 */
let modules: Record<string, unknown> | undefined;

export async function runningModules(): Promise<Record<string, unknown>> {
  modules ??= {
    coppice: await import("../index.ts"),
    "coppice/data": await import("../data/index.ts"),
    "coppice/detect": await import("../detect/index.ts"),
    "coppice/evaluate": await import("../evaluate/index.ts"),
    "coppice/models": await import("../models/index.ts"),
    "coppice/nn": await import("../nn/index.ts"),
    "coppice/optim": await import("../optim/index.ts"),
    "coppice/prune": await import("../prune/index.ts"),
    "coppice/record": await import("../record/index.ts"),
    "coppice/report": await import("../report/index.ts"),
    "coppice/torch": await import("../torch/index.ts"),
    "coppice/unlearn": await import("../unlearn/index.ts"),
  };
  return modules;
}
