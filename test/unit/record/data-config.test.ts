import { expect, it } from "vitest";
import { checkConfig } from "../../../src/record/config.ts";
import { dataConfigSchema, dataFilesSchema } from "../../../src/record/data-config.ts";
import { thrownBy } from "../../support/thrown-by.ts";

const data = { name: "folder", allowUnverified: true };

it("takes a name alone, or with every choice of records", () => {
  const chosen = {
    ...data,
    folder: "pets",
    classes: ["cat", 3],
    numTrain: 10,
    numTest: 5,
    resolution: 32,
    applyOrientation: true,
    seed: 1,
  };
  expect(checkConfig(dataConfigSchema, data)).toBe(data);
  expect(checkConfig(dataConfigSchema, chosen)).toBe(chosen);
});

it("names what does not fit", () => {
  expect(thrownBy(() => checkConfig(dataConfigSchema, { ...data, numTrain: 1.5 })).message).toMatch(/^numTrain: /);
  expect(thrownBy(() => checkConfig(dataConfigSchema, { ...data, poison: { attack: "badnets" } })).message).toMatch(
    /^poison\.options: /,
  );
});

it("lets a later stage say where the files are, not which data they are", () => {
  expect(thrownBy(() => checkConfig(dataFilesSchema, data)).message).toContain('"name"');
});
