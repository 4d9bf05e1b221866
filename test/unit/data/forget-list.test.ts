import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type ForgetList, readForgetList } from "../../../src/data/forget-list.ts";
import { makeBaseSplit } from "../../../src/data/split.ts";
import { sha256Hex } from "../../../src/util/hash.ts";
import { labelsBy, splitDataset } from "../../support/split-dataset.ts";
import { thrownBy } from "../../support/thrown-by.ts";

const dataset = splitDataset(
  labelsBy(40, (i) => i % 4),
  [0],
  4,
);
const base = makeBaseSplit(dataset, { seed: 1 });
const [a = 0, b = 0, c = 0] = base.indices.train;
const [heldOut = 0] = base.indices.validation;

const folder = mkdtempSync(join(tmpdir(), "coppice-list-"));
afterAll(() => rmSync(folder, { recursive: true }));

const read = (name: string, text: string): ForgetList => {
  writeFileSync(join(folder, name), text);
  return readForgetList(join(folder, name), base, dataset);
};
const refusal = (name: string, text: string): string => {
  const error = thrownBy(() => read(name, text));
  expect(error.code).toBe("E_DATA");
  expect(error.message.startsWith(join(folder, name))).toBe(true);
  return error.message.slice(join(folder, name).length);
};

describe("readForgetList", () => {
  it.each([
    ["indices without a header", "ids.csv", `${b}\n${a}\n${c}\n`],
    ["image ids without a header", "ids.txt", `record-${b}\nrecord-${a}\n${c}`],
    ["a column id, of several", "ids.csv", `name, ID \r\nx,record-${c}\r\ny,${a}\r\n\r\n"z,",record-${b}\r\n`],
    ["a column index", "ids.csv", `index\n ${a}\n${b}\n"${c}"\n`],
    ["a JSON array", "ids.json", `[${c}, "record-${a}", "${b}"]`],
    ["a JSON object, whatever the file is called", "ids.txt", `\n{"ids": [${a}, ${b}, ${c}]}`],
  ])("reads %s", (_what, name, text) => {
    const expected = { indices: [a, b, c].toSorted((x, y) => x - y), source: name, sha256: sha256Hex(text) };
    expect(read(name, text)).toEqual(expected);
  });

  it("takes digits for an image id where there is one, but never in a column index or for a number", () => {
    const swapped = { ...dataset, train: { ...dataset.train, ids: (i: number) => (i === a ? `${b}` : `r${i}`) } };
    const indices = (name: string, text: string): number[] => {
      writeFileSync(join(folder, name), text);
      return readForgetList(join(folder, name), base, swapped).indices;
    };
    expect(indices("ids.csv", `id\n${b}\n`)).toEqual([a]);
    expect(indices("ids.json", `["${b}"]`)).toEqual([a]);
    expect(indices("ids.csv", `index\n${b}\n`)).toEqual([b]);
    expect(indices("ids.json", `[${b}]`)).toEqual([b]);
  });

  it("reports unknown, repeated, held-out and out-of-range values by line", () => {
    const rows = [`id`, `${a}`, `record-99`, ``, `record-${a}`, `${heldOut}`, `40`, `-1`, `${b}`];
    expect(refusal("ids.csv", rows.join("\n")).split("\n")).toEqual([
      ": expected each training image to forget once, got 5 faults",
      `  line 3: "record-99" is neither an index nor an image id of this data set`,
      `  line 5: "record-${a}" names the same image as line 2`,
      `  line 6: "${heldOut}" is held out for validation: the model was never trained on it`,
      `  line 7: "40" is out of range: the train part has the indices 0 to 39`,
      `  line 8: "-1" is neither an index nor an image id of this data set`,
    ]);
  });

  it("reports the lines of JSON values, strings with brackets and escapes included", () => {
    const text = `{\n  "ids": [\n    ${a}, "no[,\\"]{}",\n    1.5,\n\n    ${a}\n]}`;
    expect(refusal("ids.json", text).split("\n").slice(1)).toEqual([
      `  line 3: "no[,\\"]{}" is neither an index nor an image id of this data set`,
      `  line 4: "1.5" is not an index`,
      `  line 6: "${a}" names the same image as line 3`,
    ]);
  });

  it("counts a single fault as one", () => {
    expect(refusal("ids.csv", `id\n${a}\n${a}\n`)).toContain("got 1 fault\n");
  });

  it("shows the first ten faults and how many more there are", () => {
    const lines = refusal("ids.csv", labelsBy(25, (i) => 100 + i).join("\n")).split("\n");
    expect(lines).toHaveLength(12);
    expect(lines[0]).toContain("got 25 faults");
    expect(lines[10]).toContain(`  line 10: "109"`);
    expect(lines[11]).toBe("  and 15 more");
  });

  it("takes no header for data and no data for a header", () => {
    expect(refusal("ids.csv", `image\n${a}`)).toContain(`line 1: "image" is neither`);
    expect(refusal("ids.csv", `image,label\n${a},2`)).toBe(
      " line 1: expected one column named id or index, got image, label",
    );
    expect(refusal("ids.csv", `id,index\n${a},${a}`)).toBe(
      " line 1: expected one column named id or index, got id, index",
    );
    expect(refusal("ids.csv", `index\nrecord-${a}`)).toContain(`line 2: "record-${a}" is not an index`);
  });

  it.each([
    ["ids.csv", ""],
    ["ids.csv", "id\n"],
    ["ids.json", "[]"],
    ["ids.json", '{"ids": []}'],
  ])("refuses %s with nothing in it: %j", (name, text) => {
    expect(refusal(name, text)).toBe(": expected at least one image to forget, got none");
  });

  it.each([
    ["ids.json", "[1,", ": expected JSON, got "],
    ["ids.json", "5", ": expected an array of indices or image ids"],
    ["ids.json", "[[1]]", ": expected an array of indices or image ids"],
    ["ids.json", '{"ids": [1], "reason": "x"}', ": expected an array of indices or image ids"],
    ["ids.csv", 'id\n"1', " line 2: expected comma-separated cells"],
    ["ids.csv", "id,x\n1,2\n3", " line 3: expected 2 cells"],
  ])("refuses %s that is not what it should be: %j", (name, text, message) => {
    expect(refusal(name, text)).toContain(message);
  });

  it("names a file that is not there", () => {
    const error = thrownBy(() => readForgetList(join(folder, "no.csv"), base, dataset));
    expect([error.code, error.message]).toEqual(["E_DATA", expect.stringContaining("got no such file")]);
  });
});
