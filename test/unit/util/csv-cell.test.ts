import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseCsv } from "../../../src/util/csv.ts";
import { csvCell, withoutFormula } from "../../../src/util/csv-cell.ts";
import { hostileName } from "../../support/hostile-names.ts";

describe("a cell of CSV", () => {
  it("is read back as what was written, whatever it is", () => {
    fc.assert(
      fc.property(fc.array(hostileName, { minLength: 2, maxLength: 4 }), (names) => {
        expect(parseCsv(`${names.map(csvCell).join(",")}\r\n`, "names.csv")).toEqual([{ line: 1, cells: names }]);
      }),
    );
  });

  it("stands without quotes where none are needed", () => {
    expect(["cat", "african elephant", "-0.5", "a;b"].map(csvCell)).toEqual(["cat", "african elephant", "-0.5", "a;b"]);
    expect(["a,b", 'a"b', "a\nb", " a"].map(csvCell)).toEqual(['"a,b"', '"a""b"', '"a\nb"', '" a"']);
  });
});

describe("a cell for a spreadsheet", () => {
  it("never begins like a formula, and is otherwise the text", () => {
    fc.assert(
      fc.property(hostileName, (name) => {
        const cell = withoutFormula(name);
        expect([name, `'${name}`]).toContain(cell);
        if (!Number.isFinite(Number(cell))) expect(cell).not.toMatch(/^[\s=+\-@＝＋－＠]*[=+\-@＝＋－＠]/);
      }),
    );
  });

  it("keeps numbers as numbers, with their sign", () => {
    expect(["-0.5", "+1", "1e-3", "-"].map(withoutFormula)).toEqual(["-0.5", "+1", "1e-3", "'-"]);
  });
});
