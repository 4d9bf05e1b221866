/** What it costs to call an operator from TypeScript. */
import { ones, scope } from "../src/torch/index.ts";
import type { Benchmark } from "./result.ts";

const repetitions = 21;
const scopes = 100;
const callsPerScope = 100;

/** Microseconds a call, with what it takes to make and free its result. */
function sample(): number {
  const [x, y] = [ones([1]), ones([1])];
  const started = performance.now();
  for (let i = 0; i < scopes; i++) {
    scope(() => {
      for (let j = 0; j < callsPerScope; j++) x.add(y);
    });
  }
  const milliseconds = performance.now() - started;
  x.dispose();
  y.dispose();
  return (1000 * milliseconds) / (scopes * callsPerScope);
}

export const opCall: Benchmark = {
  name: "op-call",
  unit: "us",
  measures: "microseconds for `add` on one element, its result made and freed by a scope",
  better: "lower",
  target: "less than 5",
  meets: ({ value }) => value < 5,
  run: async () => {
    for (let i = 0; i < 5; i++) sample(); // until the compiler is done
    return { samples: Array.from({ length: repetitions }, sample) };
  },
};
