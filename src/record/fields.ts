/** The small field types that records are made of. Every field carries its description: `docs/reference/records.md` is made from them. */
import { z } from "zod";

/** A share, 0 to 1. Percent exists only in reports. */
export const fraction = z.number().min(0).max(1);

/** A count of things. */
export const count = z.int().min(0);

/** Wall-clock seconds. */
export const seconds = z.number().min(0);

/** SHA-256 in lower-case hexadecimal. */
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "expected 64 lower-case hexadecimal digits");

/** A moment in UTC, ISO 8601. */
export const moment = z.iso.datetime();

/** A non-empty string. */
export const text = z.string().min(1);

/** Settings as they were resolved: any JSON object. Typed loosely so that a method's own option types fit. */
export const settings: z.ZodType<Record<string, unknown>> = z.record(z.string(), z.json());

/** How many images each part of a split has. */
export const splitCountsSchema = z
  .strictObject({
    train: count.describe("images the original is trained on: forget and retain together"),
    validation: count.describe("images held out of training"),
    forget: count.describe("training images to be forgotten"),
    retain: count.describe("training images that may be kept"),
    withheld: count.optional().describe("of those, images that the method was not given, to tune its options on"),
    test: count.describe("test images; without the forgotten classes where whole classes are forgotten"),
  })
  .meta({ id: "SplitCounts" });

/** How many images of each part. */
const partCountsSchema = z
  .strictObject({
    train: count.describe("training images, which are forgotten as well"),
    validation: count.describe("validation images, on which nothing is measured any more"),
    test: count.describe("test images, likewise"),
  })
  .meta({ id: "PartCounts" });

/** What a request to forget took along. */
export const alongSchema = z.strictObject({
  copies: partCountsSchema.optional().describe("exact copies of what is forgotten or left out"),
  missing: partCountsSchema.optional().describe("images that were not in the data any more"),
});

/** Images of a request that have exact copies which stay. */
export const copiesSchema = z
  .strictObject({
    forgotten: count.describe("images to forget that have an exact copy which stays"),
    otherClass: count.describe("of these, with a copy in another class"),
    untrained: count
      .optional()
      .describe("images left out or passed over that have an exact copy which stays; absent: none"),
    train: count.describe("copies that are retained"),
    validation: count.describe("copies among the validation images"),
    test: count.describe("copies among the test images"),
  })
  .meta({ id: "Copies" });

/** How many exact copies of forgotten images stay. */
export type Copies = z.infer<typeof copiesSchema>;

/** Which split a model or an evaluation belongs to. */
export const splitReferenceSchema = z
  .strictObject({
    hash: sha256.describe("content hash of the split manifest"),
    scenario: text.describe("what is forgotten, in short: a class, a random share, a list"),
    counts: splitCountsSchema.describe("images per part"),
    along: alongSchema.optional().describe("what was taken along with the images asked for; absent: nothing"),
    copies: copiesSchema
      .optional()
      .describe("exact copies of what is forgotten, left out or passed over that stay; absent: none"),
  })
  .meta({ id: "SplitReference" });

/** Images per part of a split. */
export type SplitCounts = z.infer<typeof splitCountsSchema>;
