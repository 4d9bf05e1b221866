/** On what a grid's originals are trained, in words. */
import { z } from "zod";
import type { ExperimentRecord } from "../../record/index.ts";
import { listing, plural } from "../../format/index.ts";

/** Of the record's `training`: what is named. Other recipes may leave it out. */
const trainingSchema = z.object({
  data: z.object({ name: z.string(), numTrain: z.number().optional(), numTest: z.number().optional() }).optional(),
  arch: z.string().optional(),
});

/** `fashion-mnist (1,000 training images and 1,000 test images), resnet20s`; empty where the record does not say. */
export function trainingText({ training }: Pick<ExperimentRecord, "training">): string {
  const { data: { data, arch } = {} } = trainingSchema.safeParse(training);
  return [...(data === undefined ? [] : [dataText(data)]), ...(arch === undefined ? [] : [arch])].join(", ");
}

/** Without numbers where all images of the data set are used. */
function dataText({ name, numTrain, numTest }: NonNullable<z.infer<typeof trainingSchema>["data"]>): string {
  const counts = [
    ...(numTrain === undefined ? [] : [plural(numTrain, "training image")]),
    ...(numTest === undefined ? [] : [plural(numTest, "test image")]),
  ];
  return counts.length === 0 ? name : `${name} (${listing(counts)})`;
}
