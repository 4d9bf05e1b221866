/** The data sets by name. */
import { numberedClasses } from "../util/numbered-class.ts";
import { shown } from "../util/shown.ts";
import { CoppiceError } from "../util/errors.ts";
import { Registry } from "../util/registry.ts";
import { cifar10 } from "./cifar10.ts";
import type { ImageDataset, LoadOptions } from "./dataset.ts";
import { checkDatasetDefinition, checkLoadOptions, type DatasetDefinition } from "./dataset-definition.ts";
import { embedded } from "./embedded.ts";
import { fashionMnist } from "./fashion-mnist.ts";
import { imageFolder } from "./image-folder/image-folder.ts";
import { mnist } from "./mnist.ts";

export const datasetRegistry = new Registry<DatasetDefinition>(
  "data set",
  [cifar10, fashionMnist, mnist, embedded, imageFolder],
  checkDatasetDefinition,
);

export const datasets: readonly DatasetDefinition[] = datasetRegistry.all;

/** Data sets that anyone has, so that pages may show images of them. */
const published: ReadonlySet<string> = new Set([cifar10, fashionMnist, mnist, embedded].map(({ name }) => name));

/** Whether the images of a data set are public: of the built-in ones, not of folders, nor of data of a user's own. */
export function isPublished(name: string): boolean {
  return published.has(name);
}

/** @throws CoppiceError E_ARG for an unknown name, suggesting the nearest */
export function datasetNamed(name: string): DatasetDefinition {
  return datasetRegistry.named(name);
}

/**
 * Loads a data set by its name, or one of the caller's own.
 * @throws CoppiceError E_ARG for an unknown name, or an option that the data set does not have; E_DATA where two images of a part have the same id;
 *   whatever its `load` throws
 */
export async function loadDataset(
  nameOrDefinition: string | DatasetDefinition,
  options: LoadOptions = {},
): Promise<ImageDataset> {
  const definition = datasetRegistry.resolve(nameOrDefinition);
  checkLoadOptions(definition, options);
  const dataset = await definition.load(options);
  if (definition.numbered !== true) checkIds(dataset);
  if (options.classes !== undefined) options.log?.(`classes: ${numberedClasses(dataset.classNames)}`);
  return dataset;
}

/** An image is asked to be forgotten by its id, and found again by it. */
function checkIds({ name, train, test }: ImageDataset): void {
  for (const [part, { count, ids }] of Object.entries({ train, test })) {
    const seen = new Set<string>();
    for (let index = 0; index < count; index++) {
      const id = ids(index);
      if (seen.has(id)) {
        throw new CoppiceError(
          "E_DATA",
          `${name}: expected another id for each image of the ${part} part, got ${shown(id)} twice`,
        );
      }
      seen.add(id);
    }
  }
}
