/** A grid from somebody else's file: whether it has the shape of one, before anything is made of it. */
import { z } from "zod";
import { figureNames } from "../../record/experiment.ts";
import { CoppiceError } from "../../util/errors.ts";
import { shown } from "../../util/shown.ts";
import { schemaProblems } from "../../util/schema-problems.ts";
import { optimizerNames, scheduleNames } from "../../stages/config.ts";
import { type GridFindingName, gridFindings } from "../../findings/index.ts";
import type { GridSpec } from "./spec.ts";

const name = z.string().min(1);
const options = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
const names = z.array(name).optional();
const data = z.looseObject({ name, allowUnverified: z.boolean() });
const stem = z.enum(["cifar", "imagenet"]);
const side = z.object({ label: name, model: name });

/** What a stage checks by itself, such as ranges of rates, is left to it. */
const gridSchema = z.object({
  name,
  title: name,
  preset: name,
  train: z.object({
    data,
    split: z.object({ mode: name, validationFraction: z.number() }),
    arch: name,
    stem,
    recipe: z.object({
      epochs: z.number(),
      batchSize: z.number(),
      optimizer: z.enum(optimizerNames),
      lr: z.number(),
      momentum: z.number(),
      weightDecay: z.number(),
      nesterov: z.boolean(),
      schedule: z.enum(scheduleNames),
      milestones: z.array(z.number()),
      warmupEpochs: z.number(),
      augment: z.boolean(),
    }),
    rewindEpoch: z.number(),
    seed: z.number(),
    device: name,
  }),
  engine: z.enum(["auto", "dense", "sparse"]).optional(),
  models: z.array(
    z.looseObject({
      id: name,
      label: name,
      data: data.optional(),
      arch: name.optional(),
      stem: stem.optional(),
      prune: z.looseObject({ pruner: name, sparsity: z.number() }).optional(),
      recipe: z.looseObject({}).optional(),
    }),
  ),
  scenarios: z.array(z.object({ id: name, title: name, description: name, request: z.looseObject({ kind: name }) })),
  rows: z.array(z.looseObject({ method: name, options, label: name.optional(), models: names, scenarios: names })),
  seeds: z.array(z.int().min(0)),
  tests: z.array(z.object({ score: z.enum(["UA", "MIA", "RA", "TA", "disparity"]), first: side, second: side })),
  findings: z.array(z.enum(Object.keys(gridFindings) as GridFindingName[])),
  figures: z.array(z.enum(figureNames)),
  notes: z.array(z.string()),
});

/** @param where it comes from, for the error @throws CoppiceError E_CONFIG naming the first things that do not fit */
export function checkGridShape(value: unknown, where: string): GridSpec {
  const other = otherThanData(value);
  const parsed = gridSchema.safeParse(value);
  if (parsed.success && other === undefined) return value as GridSpec;
  const got = other ?? schemaProblems(parsed.error ?? { issues: [] });
  throw new CoppiceError("E_CONFIG", `${where}: expected its recipe to return a grid, got ${got}`, {
    hint: "docs/explanation/experiments.md and the type GridSpec say what a grid holds",
  });
}

/** Deeper than any grid; a value may also hold itself. */
const DEEPEST = 20;

/** The first place that is no plain data, which jobs are named by and sent as; undefined where all is. */
function otherThanData(value: unknown, way: readonly string[] = []): string | undefined {
  if (value === undefined || value === null || ["string", "boolean"].includes(typeof value)) return undefined;
  if (typeof value === "number" && Number.isFinite(value)) return undefined;
  if (typeof value !== "object" || way.length > DEEPEST)
    return `${way.slice(0, DEEPEST).join(".") || "the whole"}: expected plain data, got ${shown(value)}`;
  for (const [key, inner] of Object.entries(value)) {
    const found = otherThanData(inner, [...way, key]);
    if (found !== undefined) return found;
  }
  return undefined;
}
