/** The tables of a pruning plan on a terminal. */
import Table from "cli-table3";
import { percent } from "../format/index.ts";
import type { PrunePlan } from "../stages/index.ts";
import { print } from "./output.ts";

export function printPlan(plan: PrunePlan): void {
  const possible = plan.allocations.filter(({ obstacle }) => obstacle === undefined);
  const layers = new Table({
    head: ["layer", "shape", "share of FLOPs", ...possible.map(({ name }) => `density, ${name}`)],
    style: { head: [], border: [], compact: true },
  });
  plan.layers.forEach(({ name, shape, flops }, i) => {
    layers.push([name, shape.join(" x "), percent(flops), ...possible.map((a) => percent(a.densities[i] ?? 0))]);
  });
  print(layers.toString());
  const summary = new Table({
    head: ["allocation", "sparsity", "FLOPs left", "engine", "training step", "speed-up"],
    style: { head: [], border: [], compact: true },
  });
  const milliseconds = (seconds: number): string => `${(1000 * seconds).toFixed(1)} ms`;
  summary.push(["none", percent(0), percent(1), "dense", milliseconds(plan.denseSecondsPerStep), "1.0"]);
  for (const { name, sparsity, flops, engine, secondsPerStep, speedUp } of possible) {
    const time = [milliseconds(secondsPerStep), speedUp.toFixed(1)];
    summary.push([name, percent(sparsity), percent(flops), engine, ...time]);
  }
  print(summary.toString());
  print(`steps of ${plan.batchSize} images, measured on this machine`);
  for (const { name, obstacle } of plan.allocations) if (obstacle !== undefined) print(`${name}: ${obstacle}`);
}
