/** Flags that several commands have, with the same words in each, and the headings of a command's help. */
import { Option } from "@commander-js/extra-typings";
import { forgetDefaults, matchNames, splitModes, trainDefaults } from "../record/index.ts";
import { conditionOption, engineOption, fractionOption, integerOption, matchOption, precisionOption } from "./parse.ts";

/** Headings that most commands have, in the order of their help. */
export const headings = {
  data: "Data:",
  forget: "What to forget:",
  how: "How:",
  where: "Where it runs:",
  output: "Output:",
  definitions: "Definitions:",
} as const;

/** Which images are forgotten: one of the first five is needed. */
export const forgetFlags = {
  class: new Option("--class <names...>", "whole classes, by name or number").helpGroup(headings.forget),
  random: new Option("--random <fraction>", "this fraction of the training images, drawn at random")
    .argParser(fractionOption)
    .helpGroup(headings.forget),
  count: new Option("--count <n>", "this many training images, drawn at random")
    .argParser(integerOption)
    .helpGroup(headings.forget),
  ids: new Option("--ids <file>", "the images listed by id in a CSV or JSON file").helpGroup(headings.forget),
  indices: new Option(
    "--indices <file>",
    "the images listed by position in the whole training part, as torchvision has them",
  ).helpGroup(headings.forget),
  idColumn: new Option("--id-column <name>", "column of the ids (default: id)").helpGroup(headings.forget),
  where: new Option("--where <column=value>", "only the rows with exactly this value; repeated, with all of them")
    .argParser(conditionOption)
    .helpGroup(headings.forget),
  match: new Option(
    "--match <names>",
    `how ids may differ from the data set's, by commas: ${matchNames.join(", ")} (default: not at all)`,
  )
    .argParser(matchOption)
    .helpGroup(headings.forget),
  skipUntrained: new Option(
    "--skip-untrained",
    "go on where listed images were not trained on, or are unknown and like no id",
  ).helpGroup(headings.forget),
  alsoTest: new Option(
    "--also-test",
    "take validation and test images out of those parts too, so that nobody is evaluated on them",
  ).helpGroup(headings.forget),
  faults: new Option("--faults <file>", "write all listed values that name nothing to forget, as CSV").helpGroup(
    headings.forget,
  ),
  withCopies: new Option(
    "--with-copies",
    "forget exact copies too; copies held out are taken out of validation and test",
  ).helpGroup(headings.forget),
  withMissing: new Option(
    "--with-missing",
    "forget images that are gone or changed too; those held out are taken out of validation and test",
  ).helpGroup(headings.forget),
  forgetSeed: new Option("--forget-seed <n>", "seed of the random draw (default: that of the data split)")
    .argParser(integerOption)
    .helpGroup(headings.forget),
};

/** Which images are used, and how they are split. */
export const dataFlags = {
  classes: new Option(
    "--classes <names...>",
    "use only these classes, by number or name; they are renumbered in this order",
  ).helpGroup(headings.data),
  resolution: new Option("--resolution <n>", "image height and width in pixels, of --data folder (default: 224)")
    .argParser(integerOption)
    .helpGroup(headings.data),
  applyOrientation: new Option(
    "--apply-orientation",
    "turn images as their EXIF orientation says, of --data folder (default: as they lie in the file)",
  ).helpGroup(headings.data),
  numTrain: new Option("--num-train <n>", "use only the first n training images")
    .argParser(integerOption)
    .helpGroup(headings.data),
  numTest: new Option("--num-test <n>", "use only the first n test images")
    .argParser(integerOption)
    .helpGroup(headings.data),
  split: new Option("--split <mode>", "how validation images are drawn: standard, or as the reference code draws them")
    .choices(splitModes)
    .default(trainDefaults.split.mode)
    .helpGroup(headings.data),
  folder: new Option(
    "--data-folder <folder>",
    "folder of the data set (default: COPPICE_DATA, then the usual places)",
  ).helpGroup(headings.data),
};

export const batchSize = new Option("--batch-size <n>", "images per step (default: as the original was trained)")
  .argParser(integerOption)
  .helpGroup(headings.how);

export const seed = new Option("--seed <n>", "seed of all random numbers")
  .argParser(integerOption)
  .default(trainDefaults.seed)
  .helpGroup(headings.how);

/** Of a command whose stage has a run to take it from. */
export const seedOfModel = new Option(
  "--seed <n>",
  "seed of all random numbers but the draw of --forget-seed (default: that of the model)",
)
  .argParser(integerOption)
  .helpGroup(headings.how);

/** Of a command whose model's record says where the data are. */
export const movedDataFolder = new Option(
  "--data-folder <folder>",
  "folder of the data set (default: where it was when the model was trained)",
).helpGroup(headings.data);

export const allowUnverified = new Option(
  "--allow-unverified",
  "accept data files whose checksums differ from the published ones",
).helpGroup(headings.data);

export const device = new Option("--device <name>", "cpu or cuda")
  .default(forgetDefaults.device)
  .helpGroup(headings.where);

const engineWords =
  "how a pruned model is computed: sparse (remaining weights only), dense (all weights, masked) or auto (the faster)";
const precisionWords = "of activations on the sparse engine: float32, or bf16 (faster, on CPUs with AVX512_BF16)";

export const engine = new Option("--engine <name>", engineWords)
  .argParser(engineOption)
  .default(forgetDefaults.engine)
  .helpGroup(headings.where);

export const precision = new Option("--precision <name>", precisionWords)
  .argParser(precisionOption)
  .default(forgetDefaults.precision)
  .helpGroup(headings.where);

/** Absent from the settings where not given: the stage has the default. */
export const engineIfGiven = new Option("--engine <name>", `${engineWords} (default: ${forgetDefaults.engine})`)
  .argParser(engineOption)
  .helpGroup(headings.where);

/** Likewise. */
export const precisionIfGiven = new Option(
  "--precision <name>",
  `${precisionWords} (default: ${forgetDefaults.precision})`,
)
  .argParser(precisionOption)
  .helpGroup(headings.where);

export const yes = new Option("--yes", "answer the question whether to forget these images").helpGroup(headings.output);

export const force = new Option("--force", "replace an earlier run in the folder").helpGroup(headings.output);

export const json = new Option("--json", "print the record as JSON").helpGroup(headings.output);
