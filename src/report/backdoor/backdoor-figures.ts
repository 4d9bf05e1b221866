/** What a grid of cleanses shows of one attack: over sparsity, over lists of suspects, or gain beside cost; and over steps. */
import type { BackdoorCell } from "../../record/index.ts";
import { shortPercent } from "../../format/index.ts";
import { type Line, linesChart } from "../charts/lines.ts";
import { scatterChart } from "../charts/scatter.ts";
import { measurementsOf, unitNames } from "./backdoor-trace.ts";
import type { Html } from "../html.ts";
import { figure } from "../page.ts";
import { publishedBackdoor } from "./published-backdoor.ts";
import { ATTACK_SUCCESS } from "../scores.ts";

export async function figuresOf(attack: string, cells: readonly BackdoorCell[]): Promise<Html[]> {
  if (cells.some(({ suspects }) => suspects !== undefined)) return overSuspects(cells);
  const sparsities = new Set(cells.map(({ sparsity }) => sparsity));
  const figures = sparsities.size > 1 ? await overSparsity(attack, cells) : [await costAndGain(cells)];
  return [...figures, await overSteps(cells)];
}

/** Where each way ends: a good one is at the top left. */
async function costAndGain(cells: readonly BackdoorCell[]): Promise<Html> {
  const repetitions = cells.flatMap((cell) => cell.repetitions);
  const before = new Map(repetitions.map(({ seed, before: { ASR, SA } }) => [seed, [ASR, SA] as const]));
  const clouds = [
    { name: "original", points: [...before.values()] },
    ...cells.map(({ label, repetitions: own }) => ({
      name: label,
      points: own.map(({ after: { ASR, SA } }) => [ASR, SA] as const),
    })),
  ];
  const chart = await scatterChart(clouds, {
    title: "SA, percent",
    xName: `${ATTACK_SUCCESS.ASR}, share`,
    xScale: "linear",
    description: "Clean accuracy over attack success of each model before and after; the table holds the numbers.",
  });
  return figure(`SA over ${ATTACK_SUCCESS.ASR}`, chart, "a point for each seed; top left is best");
}

async function overSparsity(attack: string, cells: readonly BackdoorCell[]): Promise<Html[]> {
  const sparsities = [...new Set(cells.map(({ sparsity }) => sparsity))].sort((a, b) => a - b);
  const positions = sparsities.map((sparsity) => shortPercent(sparsity));
  const at = (label: string, sparsity: number): BackdoorCell | undefined =>
    cells.find((cell) => cell.label === label && cell.sparsity === sparsity);
  const figures: Html[] = [];
  for (const score of ["ASR", "SA"] as const) {
    const value = score === "ASR" ? "ASRReference" : "SA";
    const lines: Line[] = [
      { name: "original", values: sparsities.map((sparsity) => at("FT", sparsity)?.[`${value}Before`]?.mean) },
      { name: "FT", values: sparsities.map((sparsity) => at("FT", sparsity)?.[value]?.mean) },
      { name: "l1-sparse", values: sparsities.map((sparsity) => at("l1-sparse", sparsity)?.[value]?.mean) },
    ];
    const theirs = (["original", "FT", "l1-sparse"] as const).map((label): Line => ({
      name: `${label}, published`,
      values: sparsities.map((sparsity) => publishedBackdoor(label, score, sparsity)),
      role: { publishedOf: label },
    }));
    const title = score === "ASR" ? ATTACK_SUCCESS.ASRReference : "SA";
    const chart = await linesChart(attack === "badnets" ? [...lines, ...theirs] : lines, {
      title: `${title}, percent`,
      positions,
      percent: true,
      description: `${title} over sparsity before and after; the table holds the numbers.`,
    });
    figures.push(figure(title, chart, "over sparsity in percent; dotted: published"));
  }
  return figures;
}

/** Two curves: how much of the poison is known, and how many clean images are suspected beside all of it. */
async function overSuspects(cells: readonly BackdoorCell[]): Promise<Html[]> {
  const parts = [
    { what: "known" as const, of: cells.filter(({ suspects }) => suspects?.mixed === 0) },
    { what: "mixed" as const, of: cells.filter(({ suspects }) => suspects?.known === 1) },
  ];
  const titles = { known: "share of the poison that is known", mixed: "clean images suspected for each poisoned one" };
  const figures: Html[] = [];
  for (const { what, of } of parts.filter((part) => part.of.length > 0)) {
    const lines: Line[] = [
      { name: `${ATTACK_SUCCESS.ASR}, before`, values: of.map(({ ASRBefore }) => ASRBefore?.mean) },
      { name: `${ATTACK_SUCCESS.ASR}, after`, values: of.map(({ ASR }) => ASR?.mean) },
      { name: "SA after", values: of.map(({ SA }) => SA?.mean) },
    ];
    const chart = await linesChart(lines, {
      title: "percent",
      positions: of.map(({ suspects }) => String(suspects?.[what] ?? "")),
      percent: true,
      description: `Attack success and clean accuracy over the ${titles[what]}; the table holds the numbers.`,
    });
    figures.push(figure(`${ATTACK_SUCCESS.ASR}, and SA`, chart, `over the ${titles[what]}`), await overSteps(of));
  }
  return figures;
}

async function overSteps(cells: readonly BackdoorCell[]): Promise<Html> {
  const { unit, heads, cells: traced, valuesOf } = measurementsOf(cells);
  const lines = traced.map((cell): Line => ({
    name: `${cell.label}, ${cell.sparsity === 0 ? "dense" : cell.sparsity}`,
    values: valuesOf(cell, "ASR"),
  }));
  const over = unit === "percent" ? unitNames.percent : `${unit} of the cleanse`;
  const chart = await linesChart(lines, {
    title: `${ATTACK_SUCCESS.ASR}, percent`,
    positions: heads,
    percent: true,
    description: `Attack success over ${over}; the table holds the numbers.`,
  });
  return figure(`${ATTACK_SUCCESS.ASR}, over ${over}`, chart, "means over seeds");
}
