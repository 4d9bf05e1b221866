/**
 * Runs benchmarks one after another: `npm run bench` all, `npm run bench -- NAME …` some; `--json` prints one line of JSON each,
 * `--list` names them. Every result is also written to bench/results/, with the CPU in the file's name.
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { expectChoice } from "../src/util/assert.ts";
import { CoppiceError, messageOf } from "../src/util/errors.ts";
import { writeFileAtomic } from "../src/util/files.ts";
import { benchmarks } from "./registry.ts";
import { type Benchmark, measure, type Result } from "./result.ts";

const resultsFolder = fileURLToPath(new URL("results", import.meta.url));

function chosen(names: readonly string[]): readonly Benchmark[] {
  const known = benchmarks.map(({ name }) => name);
  const wanted = names.map((name) => expectChoice("benchmark", name, known));
  return wanted.length === 0 ? benchmarks : benchmarks.filter(({ name }) => wanted.includes(name));
}

/** `AMD EPYC (family 25, model 1)` becomes `amd-epyc-family-25-model-1`. */
function slug(cpu: string): string {
  return cpu
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
}

function sentence({ name, value, unit, n, min, max, target, met }: Result): string {
  const [middle, low, high] = [value, min, max].map((number) => number.toPrecision(3));
  return `${name}: ${middle} ${unit} (${low} to ${high}, n = ${n}); ${target}: ${met ? "met" : "MISSED"}`;
}

const { values: flags, positionals: names } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "boolean", default: false }, list: { type: "boolean", default: false } },
});

try {
  const selected = chosen(names);
  if (flags.list) for (const { name, measures } of selected) console.log(`${name}: ${measures}`);
  else for (const benchmark of selected) await runOne(benchmark);
} catch (error) {
  console.error(error instanceof CoppiceError ? error.message : messageOf(error));
  process.exitCode = error instanceof CoppiceError && error.code === "E_ARG" ? 2 : 1;
}

async function runOne(benchmark: Benchmark): Promise<void> {
  const result = await measure(benchmark);
  writeFileAtomic(
    join(resultsFolder, `${result.name}.${slug(result.cpu)}.json`),
    `${JSON.stringify(result, null, 2)}\n`,
  );
  const { name, value, unit, n, min, max } = result;
  console.log(flags.json ? JSON.stringify({ name, value, unit, n, min, max }) : sentence(result));
}
