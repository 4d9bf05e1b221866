import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseCsv } from "../../../src/util/csv.ts";

const read = (text: string): unknown[] => parseCsv(text, "ids.csv").map(({ line, cells }) => [line, ...cells]);

describe("parseCsv", () => {
  it("reads cells with the line they stand on", () => {
    expect(read("id,label\n4,cat\n7,dog\n")).toEqual([
      [1, "id", "label"],
      [2, "4", "cat"],
      [3, "7", "dog"],
    ]);
  });

  it("takes Windows line ends, a byte order mark, no last line end and empty lines", () => {
    expect(read("\uFEFFid\r\n\r\n4\r\n\r\n7")).toEqual([
      [1, "id"],
      [3, "4"],
      [5, "7"],
    ]);
  });

  it("takes quoted commas, quotes and line ends, and counts on after them", () => {
    expect(read('"a,b","say ""no"""\n"two\nlines",x\nlast,y')).toEqual([
      [1, "a,b", 'say "no"'],
      [2, "two\nlines", "x"],
      [4, "last", "y"],
    ]);
  });

  it("leaves out lines of blanks, unless they are quoted", () => {
    expect(read('id\n  \n4\n\t \n" "\n\t')).toEqual([
      [1, "id"],
      [3, "4"],
      [5, " "],
    ]);
    expect(read("id,x\n  \n,\n")).toEqual([
      [1, "id", "x"],
      [3, "", ""],
    ]);
  });

  it.each([",", ";", "\t", "|"] as const)("reads cells between %j, and the other marks as they are", (separator) => {
    const cells = [",", ";", "\t", "|"].map((mark) => (mark === separator ? `"${mark}"` : mark));
    const [record] = parseCsv(` a${separator}${cells.join(separator)}`, "ids.csv", separator);
    expect(record?.cells).toEqual([" a", ",", ";", "\t", "|"]);
  });

  it("keeps empty cells", () => {
    expect(read("a,\n,b")).toEqual([
      [1, "a", ""],
      [2, "", "b"],
    ]);
    expect(read('""\n')).toEqual([[1, ""]]);
    expect(read("")).toEqual([]);
  });

  it.each([
    ['a\n"b', 2],
    ['a\nb"c', 2],
    ['a\n\n"b"c', 3],
    ["a\nb\rc", 2],
  ])("names the line of the fault in %j", (text, line) => {
    expect(() => parseCsv(text, "ids.csv")).toThrow(
      `ids.csv line ${line}: expected cells with a separator between them`,
    );
  });

  it("names the first record of another width", () => {
    expect(() => parseCsv("a,b\n1,2\n3\n", "ids.csv")).toThrow(
      "ids.csv line 3: expected 2 cells, as on the first line, got 1",
    );
  });

  it("reads back whatever was written", () => {
    const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;
    const table = fc
      .integer({ min: 1, max: 4 })
      .chain((width) => fc.array(fc.array(fc.string(), { minLength: width, maxLength: width })));
    fc.assert(
      fc.property(table, (rows) => {
        const text = rows.map((row) => `${row.map(quoted).join(",")}\r\n`).join("");
        expect(parseCsv(text, "any").map(({ cells }) => cells)).toEqual(rows);
      }),
    );
  });
});
