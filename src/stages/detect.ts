/** Looks for poisoned images among those a model was trained on, and writes the suspects to a file for `coppice cleanse`. */
import { poisonTruth } from "../data/poison/index.ts";
import { type Detection, detectorNamed } from "../detect/index.ts";
import { detectionScores } from "../evaluate/index.ts";
import { checkConfig, type DetectConfig, detectConfigSchema, type DetectionScores } from "../record/index.ts";
import { checkDevice, Generator } from "../torch/index.ts";
import { type OptionValues, resolveOptions } from "../unlearn/index.ts";
import { csvCell, withoutFormula } from "../util/csv-cell.ts";
import { defined } from "../util/defined.ts";
import { CoppiceError } from "../util/errors.ts";
import { writeFileAtomic } from "../util/files.ts";
import { deriveSeed } from "../util/seed.ts";
import { part } from "./data-context.ts";
import { heldOut } from "./method-context.ts";
import { openModel } from "./open-model.ts";
import { checkApart, checkOutputFile } from "./output.ts";
import { openParent, type Parent } from "./parent.ts";
import type { StageContext } from "./stage.ts";

export type { DetectConfig };

const header = "id,class,score\n";

export interface Detected {
  readonly suspects: number;
  readonly train: number;
  /** How they agree with the truth, where the run's record tells it. */
  readonly truth?: DetectionScores;
}

/**
 * Writes the suspects to the CSV `file`, with the columns id, class and score, the most suspicious first.
 * @throws CoppiceError on bad settings or data, E_CONFIG when the file is there already, E_DATA when nothing is suspicious
 */
export async function detectStage(config: DetectConfig, file: string, context: StageContext): Promise<Detected> {
  checkConfig(detectConfigSchema, config);
  const detector = detectorNamed(config.detector);
  const options = detectorOptions(config);
  checkDevice(config.device);
  checkApart(file, [config.model, config.data.folder]);
  checkOutputFile(file, {
    what: "a list of suspects",
    isOwn: (text) => text.startsWith(header),
    replace: context.force === true,
  });
  const run = await openParent(config.model, config, context);
  const { loaded, original, folder } = run;
  const split = folder.readSplit();
  using opened = await openModel(run, { engine: "dense", device: config.device, normalization: loaded.dataset });
  using generator = Generator.seeded(deriveSeed(config.seed, "detect"));
  const detection = await detector.run(
    {
      model: opened.model,
      train: part(loaded, split, "train"),
      heldOut: () => heldOut(loaded, split, detector.name),
      generator,
      log: context.log,
      ...defined({ signal: context.signal }),
    },
    options,
  );
  const { train } = split.indices;
  if (detection.suspects.length === 0) {
    throw new CoppiceError("E_DATA", `${detector.name}: expected suspicious images among ${train.length}, got none`, {
      hint: "another detector, or other thresholds, may find some; or there are none",
    });
  }
  writeFileAtomic(file, suspectList(run, train, detection));
  const indices = detection.suspects.map((position) => train[position] ?? 0);
  const attack = original.data.poison;
  return {
    suspects: indices.length,
    train: train.length,
    ...defined({ truth: attack && detectionScores(indices, poisonTruth(train, attack).poisoned) }),
  };
}

/** All of the detector's. @throws CoppiceError E_ARG for a detector or an option that there is not, or a value out of range */
export function detectorOptions({ detector, options }: Pick<DetectConfig, "detector" | "options">): OptionValues {
  const { name, options: known } = detectorNamed(detector);
  return resolveOptions(name, known, options, {});
}

function suspectList({ loaded }: Parent, train: readonly number[], { suspects, scores }: Detection): string {
  const { classNames, train: images } = loaded.dataset;
  const score = (position: number): number => scores[position] ?? 0;
  const rows = suspects
    .toSorted((a, b) => score(b) - score(a) || a - b)
    .map((position) => {
      const index = train[position] ?? 0;
      const name = withoutFormula(classNames[images.labels[index] ?? 0] ?? "");
      // An id is read back, and so stays as it is.
      return `${csvCell(images.ids(index))},${csvCell(name)},${score(position).toPrecision(6)}\n`;
    });
  return `${header}${rows.join("")}`;
}
