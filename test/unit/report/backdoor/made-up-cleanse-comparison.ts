/** A comparison of cleanses made up for tests: FT fails on the dense model, l1-sparse does not, both work on the pruned one. */
import type { CleanseComparisonRecord } from "../../../../src/record/index.ts";
import { cleanseRecord } from "./made-up-cleanse.ts";

function cleanse(
  method: string,
  sparsity: number,
  asr: number,
  sa: number,
): CleanseComparisonRecord["cleanses"][number] {
  const { run, before, DER, suspects, trace } = cleanseRecord([0.99, asr], [0.94, sa]);
  return {
    run: { ...run, method, sparsity, path: `done/${method}-${sparsity}` },
    before: { ...before, sparsity },
    ...(DER === undefined ? {} : { DER }),
    ...(suspects === undefined ? {} : { suspects }),
    trace,
  };
}

export function compareCleanses(): CleanseComparisonRecord {
  const { attack, suspects, classNames, traceImages, previews, notes, environment } = cleanseRecord([1, 0], [1, 1]);
  return {
    format: "coppice-cleanse-comparison",
    version: 1,
    createdAt: "2026-11-26T12:00:00.000Z",
    command: ["coppice", "cleanse", "--sparsities", "0,0.9", "--out", "runs/cleanses"],
    ...(attack === undefined ? {} : { attack }),
    ...(suspects === undefined ? {} : { suspects }),
    classNames,
    cleanses: [
      cleanse("finetune", 0, 0.5, 0.93),
      cleanse("l1-sparse", 0, 0.08, 0.9),
      cleanse("finetune", 0.9, 0.02, 0.93),
      cleanse("l1-sparse", 0.9, 0.03, 0.92),
    ],
    best: 2,
    traceImages,
    previews,
    notes,
    environment,
  };
}
