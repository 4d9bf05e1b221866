import { expect, it } from "vitest";
import type { DatasetDefinition } from "../../../src/data/dataset-definition.ts";
import { downloadSources } from "../../../src/data/download.ts";
import { makeDataset } from "../../../src/data/make-dataset.ts";
import { datasetNamed, datasets, loadDataset } from "../../../src/data/registry.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { thrownBy } from "../../support/thrown-by.ts";

it("lists each data set once, with a name, a title and a description", () => {
  expect(datasets.map(({ name }) => name)).toEqual(["cifar10", "fashion-mnist", "mnist", "embedded", "folder"]);
  for (const { title, description } of datasets)
    expect([title.length, description.length].every((n) => n > 4)).toBe(true);
  for (const name of Object.keys(downloadSources)) expect(datasetNamed(name).name).toBe(name);
});

it("suggests the nearest name", async () => {
  expect(thrownBy(() => datasetNamed("cifar-10"))).toMatchObject({
    code: "E_ARG",
    message: 'data set: expected one of cifar10, fashion-mnist, mnist, embedded, folder, got "cifar-10"',
    hint: "did you mean cifar10?",
  });
  expect(thrownBy(() => datasetNamed("something else altogether")).hint).toBeUndefined();
  await expect(loadDataset("imbedded")).rejects.toMatchObject({ hint: "did you mean embedded?" });
});

it("draws the embedded data set without files", async () => {
  expect(datasetNamed("embedded").find()).toBe("drawn, needs no files");
  expect(await loadDataset("embedded", { numTrain: 20, numTest: 10, seed: 3 })).toMatchObject({
    name: "embedded",
    source: "drawn from seed 3",
    train: { count: 20 },
    test: { count: 10 },
  });
});

it.each([
  ["cifar10", "coppice data get cifar10"],
  ["fashion-mnist", "apt-get install dataset-fashion-mnist"],
  ["mnist", "coppice data get mnist"],
])("says how to get %s when it is not there", async (name, hint) => {
  const folder = temporaryFolder();
  expect(datasetNamed(name).find(folder)).toBeUndefined();
  await expect(loadDataset(name, { folder })).rejects.toMatchObject({
    code: "E_DATA",
    message: expect.stringContaining(folder),
    hint: expect.stringContaining(hint),
  });
});

it.each(["cifar10", "fashion-mnist", "mnist"])("refuses a seed for %s, which would do nothing", async (name) => {
  const folder = temporaryFolder();
  const failure = loadDataset(name, { folder, seed: 1 });
  await expect(failure).rejects.toMatchObject({ code: "E_ARG", message: `${name}: expected no seed, got 1` });
});

it("refuses images of one name, which could not be told apart; numbers need not be looked at", async () => {
  const part = { images: Uint8Array.of(1, 2), labels: Uint8Array.of(0, 1) };
  const about = { channels: 1, height: 1, width: 1, classNames: ["a", "b"], mean: [0], std: [1], augment: false };
  const origin = { name: "twice", verified: true, source: "made", provenance: null };
  const definition = (name: string, id: (index: number) => string, numbered = false): DatasetDefinition => ({
    ...{ name, title: "Twice", description: "two images", find: () => "made", numbered },
    load: (options) =>
      makeDataset({ ...about, ...origin, train: { ...part, ids: (i) => `${i}` }, test: { ...part, ids: id } }, options),
  });
  await expect(loadDataset(definition("twice", () => "same"))).rejects.toMatchObject({
    code: "E_DATA",
    message: 'twice: expected another id for each image of the test part, got "same" twice',
  });
  await expect(loadDataset(definition("once", (i) => `${i}`))).resolves.toMatchObject({ name: "twice" });
  await expect(loadDataset(definition("numbered", () => "same", true))).resolves.toMatchObject({ name: "twice" });
});

it("says the numbers that chosen classes have now, beside their names", async () => {
  const said: string[] = [];
  const options = { numTrain: 20, numTest: 10, log: (line: string) => void said.push(line) };
  const { classNames } = await loadDataset("embedded", options);
  await loadDataset("embedded", { ...options, classes: [3, 1] });
  expect(said).toEqual([`classes: 0 (${classNames[3]}), 1 (${classNames[1]})`]);
});

it("refuses a resolution for images that are all of one size", async () => {
  const failure = loadDataset("embedded", { resolution: 16 });
  await expect(failure).rejects.toMatchObject({
    code: "E_ARG",
    message: "embedded: expected no resolution, got 16",
    hint: "only image folders are scaled; the other data sets keep their size",
  });
});

it("refuses a folder for images that are drawn, there being nothing to read", async () => {
  await expect(loadDataset("embedded", { folder: "/data" })).rejects.toMatchObject({
    code: "E_ARG",
    message: 'embedded: expected no folder, got "/data"',
    hint: "it is not read from files: leave --data-folder out",
  });
});
