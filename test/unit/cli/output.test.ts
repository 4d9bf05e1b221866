import { describe, expect, it } from "vitest";
import { print, printJson } from "../../../src/cli/output.ts";
import { printedBy } from "../../support/command-line.ts";

describe("results on standard output", () => {
  it("are text as it is, without what a terminal obeys", async () => {
    const { out, errors } = await printedBy(() => print("class\tfüchse 狐\n\u001b[31m\u202e"));
    expect([out, errors]).toEqual(["class\tfüchse 狐\n\\u001b[31m\\u202e\n", ""]);
  });

  it("are JSON that holds the same texts", async () => {
    const record = { name: '\u009b31m\u202e"\u{e0041}', count: 2 };
    const { out } = await printedBy(() => printJson(record));
    expect(JSON.parse(out)).toEqual(record);
    expect(out).toBe('{\n  "name": "\\u009b31m\\u202e\\"\\udb40\\udc41",\n  "count": 2\n}\n');
  });
});
