/** Where the numbers come from: data, split, models, settings, machine, and the commands that make them again. */
import type { EnvironmentRecord, EvaluationRecord, RunRecord, SplitManifest } from "../record/index.ts";
import {
  duration,
  integer,
  loss,
  percent,
  plural,
  shellCommand,
  shortHash,
  sparsityName,
  utc,
} from "../format/index.ts";
import { html } from "./html.ts";
import type { Html, HtmlValue } from "./html.ts";
import { definitions } from "./page.ts";
import { methodLabel } from "./scores.ts";

/** The runs that led to a model, the earliest first, the model's own run last. */
export interface Provenance {
  readonly lineage: readonly RunRecord[];
  /** The earliest of them was itself made from a run, which is not there any more. Absent: it is. */
  readonly broken?: boolean;
  readonly run: RunRecord;
  readonly evaluation: EvaluationRecord | undefined;
  readonly oracle: RunRecord | undefined;
  readonly split: SplitManifest | undefined;
}

/** The section. */
export function provenanceSection({ lineage, broken, run, evaluation, oracle, split }: Provenance): Html {
  const [earliest = run] = lineage;
  const stages = [...lineage.filter(({ name }) => name !== run.name), run, ...(oracle === undefined ? [] : [oracle])];
  return html`<section>
    <h2>Where this comes from</h2>
    ${definitions([...dataItems(run), ...splitItems(split), ...modelItems(run, evaluation), ...environmentItems(run.environment)])}
    <h3>To do it again</h3>
    ${broken === true && earliest.parent !== undefined ? goneText(earliest.name, earliest.parent.name) : undefined} ${stages.map(stageDetails)}
  </section> `;
}

function goneText(name: string, parent: string): Html {
  return html`<p class="hint">
    The run ${parent}, which ${name} was made from, is not there any more: its command is not known here, and what this page says of it
    stands in later records.
  </p>`;
}

/** Data set and split. */
export function dataItems({ data, split, seed }: RunRecord): Array<[string, HtmlValue]> {
  const { counts } = split;
  return [
    [
      "Data",
      `${data.name}, ${data.verified ? "checksums verified" : "NOT verified"}; ${plural(data.numTrain, "training image")}, ${plural(data.numTest, "test image")}`,
    ],
    ["Read from", data.source],
    ["Data digest", code(data.digest)],
    [
      "Split",
      `${split.scenario}: ${integer(counts.forget)} to forget, ${integer(counts.retain)} retained, ${integer(counts.validation)} for validation, ${integer(counts.test)} for test`,
    ],
    ["Split hash", code(split.hash)],
    ["Seed", String(seed)],
  ];
}

function splitItems(split: SplitManifest | undefined): Array<[string, HtmlValue]> {
  if (split === undefined) return [];
  const { mode, seed, validationFraction } = split;
  const how = mode === "reference" ? "as the reference implementation draws" : "Coppice's own draws";
  return [["Split drawn", `${how}, seed ${seed}, ${percent(validationFraction)} for validation`]];
}

/** Versions and machine. */
export function environmentItems(environment: EnvironmentRecord): Array<[string, HtmlValue]> {
  const { coppice, gitCommit, gitDirty, node, libtorch, addonSha256, cpu, cores, threads } = environment;
  const commit =
    gitCommit === undefined ? "" : `, commit ${shortHash(gitCommit)}${gitDirty === true ? " with changes" : ""}`;
  return [
    ["Software", `Coppice ${coppice}${commit}; libtorch ${libtorch}; Node ${node}`],
    ["Native addon", code(addonSha256)],
    [
      "Machine",
      `${cpu}; ${plural(cores, "core")}, ${plural(threads, "thread")}; ${environment.platform}; ${environment.device}`,
    ],
    ["Load at the start", environment.loadAverage.map((load) => load.toFixed(2)).join(", ")],
  ];
}

/** One run: its command, settings and outcome, folded away. */
export function stageDetails(run: RunRecord): Html {
  const { name, kind, method, result, status } = run;
  const what = method === undefined ? kind : methodLabel(method.name);
  return html`<details>
    <summary>
      ${name} <small>${what}, ${status}${result === undefined ? "" : `, ${duration(result.seconds)}`}</small>
    </summary>
    <pre>${shellCommand(run.command)}</pre>
    ${definitions([
      ["Started", utc(run.startedAt)],
      ["Finished", run.finishedAt === undefined ? undefined : utc(run.finishedAt)],
      ["Resumed", run.resumedAt.length === 0 ? undefined : run.resumedAt.map(utc).join(", ")],
      [
        "From",
        run.parent === undefined ? undefined : html`${run.parent.name} (weights ${code(run.parent.modelSha256)})`,
      ],
      [
        "Mask",
        run.mask === undefined
          ? undefined
          : `${sparsityName(run.mask.sparsity)}${run.mask.allocation === undefined ? "" : `, ${run.mask.allocation}`}`,
      ],
      ["Engine", engineText(run.engine)],
      ["Seed", String(run.seed)],
      ...resultItems(run),
      ["Settings", html`<pre>${JSON.stringify(run.config, undefined, 1)}</pre>`],
    ])}
  </details> `;
}

function resultItems({ result }: RunRecord): Array<[string, HtmlValue]> {
  if (result === undefined) return [];
  const { epochs, steps, trainLoss, trainAccuracy, exactZeros } = result;
  return [
    ["Trained", `${plural(epochs, "epoch")}, ${plural(steps, "step")}`],
    ["Training loss", `${loss(trainLoss)} (accuracy ${percent(trainAccuracy)})`],
    ["Exact zeros", exactZeros === undefined ? undefined : integer(exactZeros)],
    ["Time", `${duration(result.seconds)}, and ${duration(result.dataSeconds)} for input`],
    ["Time if dense", result.denseSeconds === undefined ? undefined : `about ${duration(result.denseSeconds)}`],
    ["Peak memory", `${integer(Math.round(result.peakMiB))} MiB`],
    ["Weights", code(result.modelSha256)],
  ];
}

function modelItems(
  { model, method, engine }: RunRecord,
  evaluation: EvaluationRecord | undefined,
): Array<[string, HtmlValue]> {
  const options = Object.entries(method?.options ?? {}).map(([key, value]) => `${key} ${JSON.stringify(value)}`);
  return [
    [
      "Network",
      `${model.members === undefined ? "" : `${model.members} × `}${model.arch}, ${integer(model.numParameters)} parameters, ${model.inChannels} × ${model.imageSize} × ${model.imageSize} input`,
    ],
    [
      "Method",
      method === undefined
        ? undefined
        : `${methodLabel(method.name)}${options.length === 0 ? "" : `: ${options.join(", ")}`}`,
    ],
    [
      "Original's training loss",
      evaluation?.originalTrainLoss === undefined ? undefined : loss(evaluation.originalTrainLoss),
    ],
    ["Made on", engineText(engine)],
    ["Evaluated", evaluation === undefined ? undefined : utc(evaluation.createdAt)],
    ["Evaluated on", engineText(evaluation?.run.engine)],
  ];
}

/** Which way a pruned model was computed, and why; undefined for one without a mask. */
function engineText(engine: RunRecord["engine"]): string | undefined {
  return engine && `${engine.name} engine${engine.precision === undefined ? "" : " in bf16"}: ${engine.reason}`;
}

function code(text: string): Html {
  return html`<code>${text}</code>`;
}
