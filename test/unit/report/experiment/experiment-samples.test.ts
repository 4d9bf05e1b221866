import { describe, expect, it } from "vitest";
import type { ExperimentRecord } from "../../../../src/record/index.ts";
import { namedRows } from "../../../../src/report/experiment/experiment-rows.ts";
import { samplesTable } from "../../../../src/report/experiment/experiment-samples.ts";
import { samples } from "../made-up-records.ts";
import { elementsOf, textOf } from "../markup.ts";
import { madeUpExperiment } from "./made-up-experiment.ts";

const answers = [
  { model: "dense", label: "Original", probability: 0.9998, predicted: 3 },
  { model: "dense", label: "FT", probability: 0.02, predicted: 5 },
];
const images = samples(2).map(({ index, id, label, image }) => ({
  scenario: "class",
  index,
  id,
  label,
  image,
  answers,
}));
const classNames = ["airplane", "automobile", "bird", "cat"];

async function tableOf(record: ExperimentRecord): Promise<string> {
  return (await samplesTable(record, namedRows(record)))?.markup ?? "nothing";
}

describe("images to be forgotten", () => {
  const record = madeUpExperiment({ seeds: [1], samples: { classNames, images } });

  it("stand over what each model says of them: the probability of the class, and another that it predicts", async () => {
    const markup = await tableOf(record);
    const pictures = elementsOf(markup).filter(({ name }) => name === "img");
    expect(pictures.map(({ attributes }) => attributes.get("alt"))).toEqual([
      "Forget image train/7, of class 3 (cat)",
      "Forget image train/107, of class 3 (cat)",
    ]);
    const text = textOf(markup).replaceAll("\u202f", " ");
    expect(text).toContain("dense original Original 99.98 % 99.98 % Retrain – – FT 2 % class 5 2 % class 5");
    expect(text).toContain("OMP 95 % original");
  });

  it("say which seed they are of where there are several", async () => {
    expect(textOf(await tableOf(record))).not.toContain("Seed");
    expect(textOf(await tableOf({ ...record, seeds: [4, 5] }))).toContain("Seed 4.");
  });

  it("are left out of a record without any, and of scenarios without any", async () => {
    expect(await tableOf(madeUpExperiment())).toBe("nothing");
    const other = images.map((image) => ({ ...image, scenario: "random" }));
    expect(await tableOf({ ...record, samples: { classNames, images: other } })).toBe("nothing");
  });
});
