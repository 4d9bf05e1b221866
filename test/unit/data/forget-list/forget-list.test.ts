import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { type ForgetList, readForgetList } from "../../../../src/data/forget-list/index.ts";
import { makeBaseSplit } from "../../../../src/data/split.ts";
import type { SplitDataset } from "../../../../src/data/split-dataset.ts";
import type { ListRequest } from "../../../../src/record/forget-request.ts";
import { CoppiceError } from "../../../../src/util/errors.ts";
import { sha256Hex } from "../../../../src/util/hash.ts";
import { specialFiles } from "../../../support/special-files.ts";
import { labelsBy, splitDataset } from "../../../support/split-dataset.ts";
import { thrownBy } from "../../../support/thrown-by.ts";

const folder = mkdtempSync(join(tmpdir(), "coppice-list-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Forty training images train/CLASS/customer_00NN.jpg of four classes, and eight test images. */
const named = (part: string, i: number): string =>
  `${part}/${["ant", "bee", "cat", "dog"][i % 4]}/customer_${String(part === "test" ? 900 + i : i).padStart(4, "0")}.jpg`;
const dataset: SplitDataset = {
  ...splitDataset(
    labelsBy(40, (i) => i % 4),
    labelsBy(8, (i) => i % 4),
    4,
  ),
  train: { labels: Uint8Array.from(labelsBy(40, (i) => i % 4)), ids: (i) => named("train", i) },
  test: { labels: Uint8Array.from(labelsBy(8, (i) => i % 4)), ids: (i) => named("test", i) },
};
const base = makeBaseSplit(dataset, { seed: 1 });
const [a = 0, b = 0, c = 0] = base.indices.train;
const [heldOut = 0] = base.indices.validation;
const id = (i: number): string => dataset.train.ids(i);
const base64 = (i: number): string => id(i).replace(/^.*\//, "");

type Options = Partial<Omit<Extract<ListRequest, { readonly kind: "ids"; readonly file: string }>, "kind" | "file">>;
function read(content: string | Uint8Array, options: Options = {}, name = "ids.csv"): ForgetList {
  const file = join(folder, name);
  writeFileSync(file, content);
  return readForgetList({ kind: "ids", file, ...options }, { base, dataset });
}
function refusal(
  content: string | Uint8Array,
  options: Options = {},
  name = "ids.csv",
): {
  message: string;
  hint: string | undefined;
} {
  const error = thrownBy(() => read(content, options, name));
  expect(error.code).toBe("E_DATA");
  expect(error.message.startsWith(join(folder, name))).toBe(true);
  expect(error.message.split("\n").every((line) => line.length < 400)).toBe(true);
  return { message: error.message.slice(join(folder, name).length), hint: error.hint };
}

describe("a list of ids", () => {
  it.each([
    ["without a header", "ids.csv", `${id(b)}\n${id(a)}\n${id(c)}\n`],
    ["in a column id, of several", "ids.csv", `name, ID \r\nx,${id(c)}\r\ny,${id(a)}\r\n\r\n"z,",${id(b)}\r\n`],
    [
      "in a column id alone, with lines of blanks",
      "ids.csv",
      `\n  \nid\n${id(a)}\n\n ${"\t"} \n${id(b)}\n${id(c)}\n   `,
    ],
    ["with quotes", "ids.txt", `"id"\n"${id(a)}"\n"${id(b)}"\n"${id(c)}"`],
    ["between semicolons", "ids.csv", `id;label\n${id(a)};1,5\n${id(b)};2\n${id(c)};3\n;;\n`.replace(";;\n", ";\n")],
    ["between tabs", "ids.tsv", `label\tid\n1\t${id(a)}\n2\t${id(b)}\n3\t${id(c)}\n`],
    ["between vertical bars", "ids.csv", `label|id\n1|${id(a)}\n2|${id(b)}\n3|${id(c)}\n`],
    ["with a line that names the separator", "ids.csv", `sep=;\nlabel;id\n1;${id(a)}\n2;${id(b)}\n3;${id(c)}\n`],
    ["with old line ends", "ids.csv", `id\r${id(a)}\r${id(b)}\r${id(c)}`],
    ["as a JSON array", "ids.json", JSON.stringify([id(c), id(a), id(b)])],
    ["as a JSON object, whatever the file is called", "ids.txt", `\n{"ids": ${JSON.stringify([id(c), id(a), id(b)])}}`],
    ["as JSON rows", "ids.json", JSON.stringify([a, b, c].map((i) => ({ label: i % 4, id: id(i) })))],
    ["as JSON lines", "ids.jsonl", [a, b, c].map((i) => JSON.stringify({ id: id(i), note: "x" })).join("\n\n")],
  ])("%s is read", (_what, name, text) => {
    const expected = {
      train: [a, b, c].toSorted((x, y) => x - y),
      leftOut: { validation: [], test: [] },
      untrained: { validation: [], test: [] },
      source: name,
      sha256: sha256Hex(text),
    };
    expect(read(text, {}, name)).toEqual(expected);
  });

  it("of one JSON line is read", () => {
    expect(read(`{"id": "${id(a)}"}\n`, {}, "ids.jsonl").train).toEqual([a]);
  });

  it.each([
    ["UTF-16 with a mark", (text: string): Uint8Array => Buffer.from(`\ufeff${text}`, "utf16le")],
    ["big-endian UTF-16 with a mark", (text: string): Uint8Array => Buffer.from(`\ufeff${text}`, "utf16le").swap16()],
    ["UTF-16 without one", (text: string): Uint8Array => Buffer.from(text, "utf16le")],
    ["big-endian UTF-16 without one", (text: string): Uint8Array => Buffer.from(text, "utf16le").swap16()],
    ["UTF-8 with a mark", (text: string): Uint8Array => Buffer.from(`\ufeff${text}`)],
  ])("in %s is read", (_what, encode) => {
    expect(read(encode(`id;x\r\n${id(a)};é\r\n${id(b)};ß\r\n`)).train).toEqual([a, b]);
  });

  it("in Latin-1 is refused, and named for what it is", () => {
    const { message, hint } = refusal(Buffer.from(`id\n${id(a)}\ncaf\u00e9.jpg\n`, "latin1"));
    expect(message).toBe(
      " line 3: expected text in UTF-8 or UTF-16, got the byte 0xe9, in Latin-1 (Windows-1252) the letter é",
    );
    expect(hint).toContain("iconv -f WINDOWS-1252 -t UTF-8");
  });

  it("is compared as text: numbers are no ids, and no positions either", () => {
    for (const text of ["id\n00017\n00042\n", "id\n17\n42\n", "17\n42\n"]) {
      const { message, hint } = refusal(text);
      expect(message).toContain(
        "expected ids of images that the model was trained on, got 2 ids: 0 were trained on, 0 are in validation, 0 in test, 2 unknown\n",
      );
      expect(message).toContain("is a number, as of a customer or a position, and no id");
      expect(hint).toContain("positions are asked for by a column index, or with `indices: FILE`");
    }
    expect(refusal("[17, 42]", {}, "ids.json").message).toBe(
      " line 1: expected ids, which are text, got 17 as value 1",
    );
    expect(refusal(`["${id(a)}",\n true]`, {}, "ids.json").message).toContain("line 2: expected ids");
    expect(refusal('[{"id": 17}]', {}, "ids.json").message).toBe(" line 1: expected an id, which is text, got 17");
  });

  it.each([
    ["12.0", "a number written as a decimal, as spreadsheets do"],
    ["1.5E+11", "a number in scientific notation, which loses digits in a spreadsheet"],
    ["1e3", "a number in scientific notation, which loses digits in a spreadsheet"],
    ["caf\ufffd.jpg", "a text with letters that an earlier conversion has damaged"],
    [`${id(a)} `, "an id with blanks at an end"],
    [id(a).replace("customer", "CUSTOMER"), "an id with other capital letters"],
    [
      id(a).replaceAll("/", "\\\\").replaceAll("\\\\", "\\"),
      "an id written as a path, with \\, ./ or folders before it",
    ],
    [`./${id(a)}`, "an id written as a path, with \\, ./ or folders before it"],
    [`/srv/data/${id(a)}`, "an id written as a path, with \\, ./ or folders before it"],
    [`C:\\data\\${id(a).replaceAll("/", "\\")}`, "an id written as a path, with \\, ./ or folders before it"],
    [id(a).replace("train/", ""), "an id without train/ or test/ before it"],
    [base64(a), "a file name without its folders"],
    [id(a).replace(".jpg", ".png"), "an id with another ending, or none"],
    [id(a).replace(".jpg", ""), "an id with another ending, or none"],
    [id(a).replace("_00", "_"), "an id with leading zeros lost or added, as spreadsheets do"],
    ["elsewhere", "like no id of this data set"],
    [`other/${base64(a)}`, `no id of this data set, but nearly one, like "${id(a)}"`],
    [id(a).replace("train/", "test/"), `no id of this data set, but nearly one, like "${id(a)}"`],
    ["17", "a number, as of a customer or a position, and no id"],
  ])("says what is likely wrong with %j", (text, cause) => {
    expect(refusal(JSON.stringify([id(b), text]), {}, "ids.json").message).toContain(
      `got 2 ids: 1 were trained on, 0 are in validation, 0 in test, 1 unknown\n  line 1: ${JSON.stringify(text)} is ${cause}`,
    );
  });

  it("says a cause once, and which transformation makes all of them match", () => {
    const names = base.indices.train.slice(0, 30).map((i) => base64(i));
    const { message, hint } = refusal(["id", ...names].join("\n"));
    expect(message.split("\n")).toEqual([
      ": expected ids of images that the model was trained on, got 30 ids: 0 were trained on, 0 are in validation, 0 in test, 30 unknown",
      `  line 2 and 29 more: "${names[0]}" is a file name without its folders`,
    ]);
    expect(hint).toBe(
      `all 30 match by file name: \`match: filename\`; ids are compared exactly, and are like "${id(0)}"; \`faults: FILE\` writes all 30 with their lines`,
    );
    expect(read(["id", ...names].join("\n"), { match: ["filename"] })).toMatchObject({
      train: base.indices.train.slice(0, 30),
      match: "filename",
    });
    const windows = [a, b].map((i) => base64(i).toUpperCase());
    expect(refusal(windows.join("\n")).hint).toContain("`match: case,filename`");
    expect(read(windows.join("\n"), { match: ["filename", "case"] }).train).toEqual([a, b]);
  });

  it("names both lines of what is listed twice, and why it is the same", () => {
    const { message, hint } = refusal(`id\n${id(a)}\n${id(b)}\n${id(a)}\n"${id(b)} "\n`);
    expect(message.split("\n").slice(1)).toEqual([
      `  line 4: "${id(a)}" is the same image as line 2`,
      `  line 5: "${id(b)} " is the same image as line 3: it is an id with blanks at an end`,
    ]);
    expect(hint).toContain("list each image once");
  });

  it("says how many are in which part, and goes on without them when asked to", () => {
    const lines = ["id", id(a), id(b), id(heldOut), named("test", 0), named("test", 1)];
    const { message, hint } = refusal(lines.join("\n"));
    expect(message).toBe(
      ": expected ids of images that the model was trained on, got 5 ids: 2 were trained on, 1 are in validation, 2 in test, 0 unknown",
    );
    expect(hint).toContain("`skipUntrained: true` goes on with the 2 trained on");
    expect(read(lines.join("\n"), { skipUntrained: true })).toMatchObject({
      train: [a, b],
      leftOut: { validation: [], test: [] },
      skipped: { validation: 1, test: 2, unknown: 0 },
    });
    expect(read(lines.join("\n"), { skipUntrained: true }).untrained).toEqual({ validation: [heldOut], test: [0, 1] });
    const { leftOut, untrained, skipped } = read(lines.join("\n"), { alsoTest: true });
    expect([leftOut, untrained, skipped]).toEqual([{ validation: [heldOut], test: [0, 1] }, leftOut, undefined]);
  });

  it("with what may be a misspelt id is refused even when untrained ones are passed over", () => {
    const skip = { skipUntrained: true };
    expect(read(`${id(a)}\nC-104\n`, skip)).toMatchObject({ train: [a], skipped: { unknown: 1 } });
    for (const like of [`"${id(b)} "`, base64(b), `./${id(b)}`]) refusal(`${id(a)}\n${like}\n`, skip);
    refusal(`${id(a)}\n${id(a)}\n`, skip);
    expect(refusal(`${named("test", 0)}\n`, skip).message).toBe(
      ": expected an image that the model was trained on, got one that it was not trained on",
    );
  });

  const stem = base64(b).replace(".jpg", "");
  it.each([
    `Customer${stem.slice(8)}.png`,
    stem,
    `C:\\data\\train\\owl\\${stem}.jpg `,
    `'${id(b)}'`,
    `\u00ab${id(b)}\u00bb`,
    `${id(b)}\u200b`,
    `\u202e${id(b)}`,
    id(b).replace("customer", "cus\uff54omer"),
    id(b).replace("customer", "cus\u00adtomer"),
    `${id(b)};`,
    `${id(b)},x/y`,
    `${id(b)}\tx`,
    `${stem.replace("_", "%5F")}.png`,
    `https://h/a,b/${stem}.png?v=1/2`,
    `${id(b)}#top`,
    `train/cat/../owl/${stem}.png`,
    `val/owl/${stem}.png`,
    `test/owl/${stem.replace("_0", "_000")}.webp/`,
    `train/owl/${stem}.png`,
    named("test", 0).replace("test/", "val/"),
  ])("with %j, which may mean an image, is refused even when untrained ones are passed over", (text) => {
    const list = JSON.stringify([id(a), text]);
    for (const match of [[], ["unicode"]] as const)
      expect(refusal(list, { skipUntrained: true, match }, "ids.json").message).toContain("0 in test, 1 unknown\n");
    expect(
      read(JSON.stringify([id(a), text.replace(/0(\d+)(?!.*00)/, "0$1xx")]), { skipUntrained: true }, "ids.json").train,
    ).toEqual([a]);
  });

  it("says once that ids are nearly those of images, with one of them", () => {
    const lines = [a, b, c].map((i) => `val/owl/${base64(i)}`);
    const { message } = refusal(lines.join("\n"), { skipUntrained: true });
    expect(message.split("\n").slice(1)).toEqual([
      `  line 1 and 2 more: "${lines[0]}" is no id of this data set, but nearly one, like "${id(a)}"`,
    ]);
  });

  it("of which nothing was trained on is refused with the reason", () => {
    const { hint } = refusal([heldOut, ...base.indices.validation.slice(1, 2)].map(id).join("\n"));
    expect(hint).toContain("the model was trained on none of the images that were found");
    expect(hint).toContain("`alsoTest: true` takes them out of validation and test in a list with images that it was");
  });

  it("with an empty value never means the image whose name is empty under a match", () => {
    const odd = { ...dataset, train: { ...dataset.train, ids: (i: number) => (i === a ? "/" : id(i)) } };
    const of = (): ForgetList =>
      readForgetList({ kind: "ids", ids: [""], match: ["filename"] }, { base, dataset: odd });
    expect(thrownBy(of).message).toContain('"" is no id at all');
  });

  it("writes all faults where it is asked to, over nothing else", () => {
    const faults = join(folder, "faults.csv");
    const text = `id\n${id(a)}\n${id(heldOut)}\n=1+1\n"x, y"\n`;
    expect(() => read(text, { faults })).toThrow(CoppiceError);
    expect(readFileSync(faults, "utf8")).toBe(
      [
        "line,value,part,cause",
        `3,${id(heldOut)},validation,an image of the validation part`,
        "4,'=1+1,unknown,like no id of this data set",
        '5,"x, y",unknown,like no id of this data set\n',
      ].join("\n"),
    );
    expect(read(`${id(a)}\n`, { faults }).train).toEqual([a]);
    expect(readFileSync(faults, "utf8")).toBe("line,value,part,cause\n");
    const own = thrownBy(() => read(`${id(a)}\n`, { faults: join(folder, "ids.csv") }));
    expect([own.code, readFileSync(join(folder, "ids.csv"), "utf8")]).toEqual(["E_CONFIG", `${id(a)}\n`]);
  });

  it("from a program is the same as from a file", () => {
    const of = (request: ListRequest): ForgetList => readForgetList(request, { base, dataset });
    expect(of({ kind: "ids", ids: [id(b), id(a)] })).toMatchObject({ train: [a, b], source: "a list from a program" });
    expect(thrownBy(() => of({ kind: "ids", ids: [id(b), "17"] })).message).toContain(
      'ids: expected ids of images that the model was trained on, got 2 ids: 1 were trained on, 0 are in validation, 0 in test, 1 unknown\n  item 2: "17" is a number',
    );
    expect(of({ kind: "indices", indices: [b, a] }).train).toEqual([a, b]);
  });
});

describe("records of another system", () => {
  const rows = [
    "record_id,customer,split,class,file",
    `${id(a)},C-104,train,ant,x`,
    `${id(b)},C-105,train,bee,y`,
    `${id(c)},C-104,train,cat,z`,
  ];
  const own = { idColumn: "record_id" };

  it("have their column of ids named, and their rows chosen by value", () => {
    expect(refusal(rows.join("\n"))).toEqual({
      message:
        ' line 1: expected a column named id or index, got "record_id", "customer", "split", "class", "file" (separated by commas)',
      hint: "the first line names the columns; `idColumn: NAME` says which one has the ids",
    });
    expect(read(rows.join("\n"), own).train).toEqual([a, b, c]);
    expect(read(rows.join("\n"), { ...own, where: { customer: "C-104" } }).train).toEqual([a, c]);
    expect(read(rows.join("\n"), { ...own, where: { customer: "C-104", class: "cat" } }).train).toEqual([c]);
    expect(read(rows.join("\n").replaceAll(",", ";"), { ...own, where: { customer: "C-105" } }).train).toEqual([b]);
  });

  it("are chosen in JSON likewise, numbers by their digits", () => {
    const lines = [a, b].map((i) => JSON.stringify({ record_id: id(i), customer: i }));
    expect(read(lines.join("\n"), { ...own, where: { customer: String(b) } }, "r.jsonl").train).toEqual([b]);
    expect(refusal(JSON.stringify([id(a)]), own, "r.json").message).toContain("expected records with named columns");
  });

  it.each<[string, Options, string]>([
    [
      "a customer that nobody is",
      { ...own, where: { customer: "C-1" } },
      'expected rows with "customer" "C-1", got none in 3',
    ],
    [
      "a value that another nearly is",
      { ...own, where: { customer: "c-105" } },
      'line 3: expected "c-105" or something else, got "C-105", which is nearly the same',
    ],
    ["a column that there is not", { idColumn: "recordid" }, "expected a column named recordid, got"],
    [
      "a condition on one that there is not",
      { ...own, where: { costumer: "C-104" } },
      'expected one column named "costumer", got',
    ],
  ])("refuse %s", (_what, options, message) => {
    expect(refusal(rows.join("\n"), options).message).toContain(message);
  });

  it.each([
    ["C-104", "C-104\u200b"],
    ["C-104", "C\u2011104"],
    ["C-104", "C\u2212104"],
    ["C-104", "C-0104"],
    ["C-104", "\u201cC-104\u201d"],
    ["104", "104.0"],
    ["104", "104,0"],
    ["104", "0104"],
    ["104", "'104"],
    ["104", "1.04E+02"],
  ])("chosen by %j refuse a row with %j", (wanted, cell) => {
    const table = ["id;customer", `${id(a)};${wanted}`, `${id(b)};${cell}`].join("\n");
    const where = { customer: wanted };
    expect(refusal(table, { where }).message).toContain(`line 3: expected "${wanted}" or something else, got `);
    expect(read(table.replace(cell, `${cell}9`), { where }).train).toEqual([a]);
  });

  it.each(["{}", '{"customer": null}'])("chosen by value refuse a JSON row that has none: %s", (row) => {
    const second = row.replace("{", `{"id": "${id(b)}"${row === "{}" ? "" : ", "}`);
    const text = `{"id": "${id(a)}", "customer": "C-104"}\n${second}`;
    expect(refusal(text, { where: { customer: "C-104" } }, "r.jsonl").message).toBe(
      ' line 2: expected text for "customer" to compare with, got none',
    );
  });

  it("refuse a column that is there twice, and both id and index", () => {
    expect(refusal(`id,ID\n${id(a)},${id(b)}`).message).toBe(': expected one column named id or index, got "id", "ID"');
    expect(refusal(`id,index\n${id(a)},1`).message).toContain("expected one column named id or index");
    expect(read(`id,index\n${id(a)},1`, { idColumn: "id" }).train).toEqual([a]);
  });
});

describe("a list of positions", () => {
  const positions = (index: number): number => 2 * index + 1;
  const some: SplitDataset = { ...dataset, train: { ...dataset.train, positions } };
  const at = (content: string, kind: "ids" | "indices", name = "at.csv"): ForgetList => {
    writeFileSync(join(folder, name), content);
    const file = join(folder, name);
    return readForgetList(kind === "ids" ? { kind, file } : { kind, file }, { base, dataset: some });
  };

  it.each<["ids" | "indices", string, string]>([
    ["ids", "at.csv", `index\n${positions(b)}\n${positions(a)}\n`],
    ["ids", "at.csv", `label;Index\nx;${positions(b)}\ny;${positions(a)}\n`],
    ["ids", "at.json", `{"indices": [${positions(b)}, ${positions(a)}]}`],
    ["indices", "at.csv", `${positions(b)}\n${positions(a)}\n`],
    ["indices", "at.csv", `index\n${positions(b)}\n${positions(a)}\n`],
    ["indices", "at.json", `[${positions(b)}, ${positions(a)}]`],
    ["indices", "at.json", `[{"index": ${positions(b)}}, {"index": ${positions(a)}}]`],
  ])("as %s in %s is of the whole train part: %j", (kind, name, text) => {
    expect(at(text, kind, name).train).toEqual([a, b]);
  });

  it("says what was not loaded, and what is none", () => {
    const lines = ["index", positions(a), 2, 79 + 2, -1, "007", "12.0", "x", positions(heldOut)];
    expect(
      thrownBy(() => at(lines.join("\n"), "ids"))
        .message.split("\n")
        .slice(0),
    ).toEqual([
      `${join(folder, "at.csv")}: expected positions of images that the model was trained on, got 8 positions: 1 were trained on, 1 are in validation, 0 in test, 6 unknown`,
      '  line 3: "2" is an image that was not loaded: the model was made with some classes or images only',
      '  line 4: "81" is beyond the last image that was loaded, at 79',
      '  line 5 and 2 more: "-1" is no whole number from 0',
      '  line 7: "12.0" is a number written as a decimal, as spreadsheets do',
    ]);
  });

  it("passes over a position outside of what is loaded when asked to, never what is no position", () => {
    const skip = (value: string): ForgetList => {
      const file = join(folder, "skip.csv");
      writeFileSync(file, `index\n${positions(a)}\n${value}\n`);
      return readForgetList({ kind: "ids", file, skipUntrained: true }, { base, dataset: some });
    };
    for (const value of ["2", "81"]) expect(skip(value)).toMatchObject({ train: [a], skipped: { unknown: 1 } });
    for (const value of ["42.0", " 20", "1e1", "+19", "-1", "007", "x", "\uff11"]) {
      const { message, hint } = thrownBy(() => skip(value));
      expect(message).toContain(`"${value}" is `);
      expect(hint).toContain("positions are whole numbers");
    }
  });

  it("takes no ids, and a list of ids no numbers", () => {
    expect(thrownBy(() => at(`id\n${id(a)}\n`, "indices")).message).toContain('"id" is no whole number from 0');
    expect(thrownBy(() => at(`{"ids": ["${id(a)}"]}`, "indices", "at.json")).message).toContain(
      "an object with the key",
    );
    expect(thrownBy(() => at('["1"]', "indices", "at.json")).message).toContain("expected whole numbers from 0");
    expect(thrownBy(() => at("[1.5]", "indices", "at.json")).message).toContain("expected whole numbers from 0");
    expect(thrownBy(() => at('{"indices": [1e400]}', "ids", "at.json")).message).toContain("got Infinity as value 1");
  });
});

describe("refused in one short sentence:", () => {
  it.each([
    ["nothing", "ids.csv", "", ": expected at least one image to forget, got none"],
    ["a header alone", "ids.csv", "id\n", ": expected at least one image to forget, got none"],
    ["an empty array", "ids.json", "[]", ": expected at least one image to forget, got none"],
    ["an empty object of ids", "ids.json", '{"ids": []}', ": expected at least one image to forget, got none"],
    ["broken JSON", "ids.json", "[1,", ": expected JSON, got "],
    ["a broken JSON line", "ids.jsonl", `{"id": "${"x".repeat(9)}"}\n{"id": `, " line 2: expected a JSON object, got "],
    ["a number", "ids.json", "5", ": expected an array of ids"],
    ["lists in a list", "ids.json", "[[1]]", ": expected ids, which are text, got a list of 1 as value 1"],
    ["objects with ids", "ids.json", '[{"id": "1"}, "2"]', ": expected ids, which are text, got an object as value 1"],
    ["null", "ids.json", "[null]", ": expected ids, which are text, got null as value 1"],
    ["other keys", "ids.json", '{"ids": ["1"], "note": 2}', 'got an object with the keys "ids", "note"'],
    [
      "a key that is there twice",
      "ids.json",
      '{"ids": ["1"],\n"ids": ["2"]}',
      ' line 2: expected each key of an object once, got "ids" twice',
    ],
    [
      "a key of a line that is there twice",
      "ids.jsonl",
      '{"id": "1"}\n{"id": "1", "id": "2"}',
      " line 2: expected each key of an object once",
    ],
    ["an open quote", "ids.csv", 'id\n"1', " line 2: expected cells with a separator between them"],
    ["a row that is too short", "ids.csv", "id,x\n1,2\n3", " line 3: expected 2 cells"],
    [
      "columns of other names",
      "ids.csv",
      `image;label\n${id(a)};2`,
      ' line 1: expected a column named id or index, got "image", "label" (separated by semicolons)',
    ],
    [
      "a first line that two separators fit",
      "ids.csv",
      "id,id;id\nx,y;z",
      "expected one separator, got a first line that could be cut at commas or semicolons",
    ],
    ["a long line", "ids.csv", "9".repeat(1e7), " line 1: expected at most 100000 characters, got 10000000"],
    ["a long text in JSON", "ids.json", `["${"9".repeat(1e7)}"]`, "(10000000 characters) is a number"],
    ["binary data", "ids.csv", "a\0b\0\0c", ": expected text in UTF-8 or UTF-16, got binary data"],
  ])("%s", (_what, name, text, message) => {
    expect(refusal(text, {}, name).message).toContain(message);
  });

  it("UTF-32", () => {
    expect(refusal(Buffer.from("fffe0000690000006400000", "hex")).message).toContain("got UTF-32");
  });

  it.each(specialFiles)("%s in place of the file", (what, make) => {
    const file = join(folder, what);
    make(file);
    expect(thrownBy(() => readForgetList({ kind: "ids", file }, { base, dataset })).message).toBe(
      `${file}: expected a file that can be read, got ${what}`,
    );
  });

  it("control characters are shown as escapes", () => {
    expect(refusal("\u001b[2Jx\u202e").message).toContain('"\\u001b[2Jx\\u202e"');
  });

  it("a header that is an id as well", () => {
    const odd = { ...dataset, train: { ...dataset.train, ids: (i: number) => (i === a ? "id" : id(i)) } };
    const file = join(folder, "odd.csv");
    writeFileSync(file, `id\n${id(b)}\n`);
    expect(thrownBy(() => readForgetList({ kind: "ids", file }, { base, dataset: odd })).message).toContain(
      "a column's name and an image's id",
    );
    expect(readForgetList({ kind: "ids", file, idColumn: "id" }, { base, dataset: odd }).train).toEqual([b]);
  });

  it("an id that two images have, but not one of a training and a test image", () => {
    const twins = (train: string, test: string): SplitDataset => ({
      ...dataset,
      train: { ...dataset.train, ids: (i) => (i === a || i === b ? (i === a ? "twin" : train) : id(i)) },
      test: { ...dataset.test, ids: () => test },
    });
    const of = (data: SplitDataset): ForgetList =>
      readForgetList({ kind: "ids", ids: ["twin"], alsoTest: true }, { base, dataset: data });
    expect(thrownBy(() => of(twins("twin", "t"))).message).toContain("the id of two images or more");
    const one = { ...twins("b", "t"), test: { ...dataset.test, ids: (i: number) => (i === 3 ? "twin" : `t${i}`) } };
    expect(of(one)).toMatchObject({ train: [a], leftOut: { test: [3] } });
  });

  it("a match that finds two", () => {
    const same = { ...dataset, test: { ...dataset.test, ids: (i: number) => named("test", i).replace("_09", "_00") } };
    const error = thrownBy(() =>
      readForgetList({ kind: "ids", ids: ["customer_0001.jpg"], match: ["filename"] }, { base, dataset: same }),
    );
    expect(error.message).toContain('"customer_0001.jpg" is like two images or more by filename');
  });
});

/** What a list says, read in ten lines by somebody who has not seen the program. */
function readPlainly(lines: readonly string[], ids: readonly string[]): number[] | undefined {
  const wanted = lines.filter((line) => line.trim() !== "");
  if (wanted.length === 0 || new Set(wanted).size < wanted.length) return undefined;
  const places = wanted.map((line) => ids.indexOf(line));
  if (places.some((place) => !base.indices.train.includes(place))) return undefined;
  return places.toSorted((x, y) => x - y);
}

describe("whatever the list and the data set", () => {
  const odd = fc.constantFrom(
    "a",
    "A",
    "a ",
    " a",
    "\u00e9",
    "e\u0301",
    "1",
    "01",
    "1.0",
    "17",
    "x/1.png",
    "y/1.png",
    "./a",
    "a.png",
    "id",
    "index",
    ";",
    "a;b",
    "|",
    "狐",
    "sep=;",
  );
  const text = fc.oneof(
    odd,
    fc.string({ unit: "grapheme", maxLength: 6 }),
    fc.string({ unit: fc.constantFrom("0", "1", ".", "e", " "), maxLength: 4 }),
  );
  const ids = fc.uniqueArray(
    text.filter((each) => each.trim() !== "" && !each.includes("\u0000")),
    { minLength: 40, maxLength: 40 },
  );
  const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;

  it("what is forgotten is what a plain reading says, or the list is refused", () => {
    const listed = fc.array(fc.oneof({ weight: 6, arbitrary: fc.nat(39) }, { weight: 1, arbitrary: text }), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(ids, listed, fc.boolean(), (names, picked, header) => {
        const own: SplitDataset = {
          ...dataset,
          train: { ...dataset.train, ids: (i) => names[i] ?? "" },
          test: { ...dataset.test, ids: (i) => `\u0001${i}` },
        };
        const lines = picked.map((each) => (typeof each === "number" ? (names[each] ?? "") : each));
        const [first = ""] = lines.filter((line) => line.trim() !== "");
        fc.pre(header || !/^(id|index)$/i.test(first.trim())); // a header is no id
        const expected = readPlainly(lines, names);
        const file = join(folder, "any.csv");
        writeFileSync(
          file,
          [...(header ? ["id,x"] : []), ...lines.map((line) => (header ? `${quoted(line)},0` : quoted(line)))].join(
            "\r\n",
          ),
        );
        let got: readonly number[] | undefined;
        try {
          got = readForgetList({ kind: "ids", file }, { base, dataset: own }).train;
        } catch (error) {
          expect(error).toBeInstanceOf(CoppiceError);
        }
        if (got !== undefined) expect(got).toEqual(expected);
        // With a header of its own, nothing that is clear is refused.
        if (header && lines.every((line) => line.trim() !== "")) expect(got).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  it("every encoding, separator, mark and line end gives the same set", () => {
    const form = fc.record({
      separator: fc.constantFrom(",", ";", "\t", "|"),
      declared: fc.boolean(),
      end: fc.constantFrom("\n", "\r\n", "\r"),
      mark: fc.boolean(),
      encoding: fc.constantFrom<"utf8" | "utf16le" | "utf16be">("utf8", "utf16le", "utf16be"),
      blanks: fc.boolean(),
    });
    const chosen = fc.uniqueArray(fc.constantFrom(...base.indices.train), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(chosen, form, (indices, { separator, declared, end, mark, encoding, blanks }) => {
        const rows = [["label", "id"], ...indices.map((i) => [`ä${i}`, id(i)])].map((cells) => cells.join(separator));
        const lines = [...(declared ? [`sep=${separator}`] : []), ...rows, ...(blanks ? ["", "  ", separator] : [])];
        const text = `${mark ? "\ufeff" : ""}${lines.join(end)}${end}`;
        const bytes = Buffer.from(text, encoding === "utf8" ? "utf8" : "utf16le");
        expect(read(encoding === "utf16be" ? bytes.swap16() : bytes).train).toEqual(indices.toSorted((x, y) => x - y));
      }),
    );
  });

  it("a match finds what is meant, or nothing", () => {
    fc.assert(
      fc.property(
        ids,
        text,
        fc.constantFrom("case", "trimmed", "unicode", "filename", "zeros"),
        (names, wanted, match) => {
          const own: SplitDataset = {
            ...dataset,
            train: { ...dataset.train, ids: (i) => names[i] ?? "" },
            test: { ...dataset.test, ids: (i) => `\u0001${i}` },
          };
          const key = {
            case: (each: string) => each.toUpperCase().toLowerCase(),
            trimmed: (each: string) => each.trim(),
            unicode: (each: string) => each.normalize("NFC"),
            filename: (each: string) => each.split(/[\\/]/).at(-1) ?? "",
            zeros: (each: string) => each.replace(/(^|\D)0+(?=\d)/g, "$1"),
          }[match];
          const exact = names.flatMap((each, i) => (each === wanted ? [i] : []));
          const like = names.flatMap((each, i) => (key(each) === key(wanted) ? [i] : []));
          const meant = exact.length > 0 ? exact : like;
          let got: readonly number[] = [];
          try {
            got = readForgetList({ kind: "ids", ids: [wanted], match: [match] as never }, { base, dataset: own }).train;
          } catch (error) {
            expect(error).toBeInstanceOf(CoppiceError);
          }
          const isFound = meant.length === 1 && base.indices.train.includes(meant[0] ?? -1) && wanted.trim() !== "";
          expect(got).toEqual(isFound ? meant : []);
        },
      ),
    );
  });
});

it("writes nothing where no faults are asked for", () => {
  read(`${id(a)}\n`);
  expect(existsSync(join(folder, "undefined"))).toBe(false);
});
