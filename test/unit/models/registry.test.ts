import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { architectures, createModel } from "../../../src/models/index.ts";
import { Generator } from "../../../src/torch/index.ts";

const normalize = { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] };

describe("architectures", () => {
  it.each(architectures)("$name says its number of parameters", ({ name, parameterCount, stems }) => {
    using model = createModel({ arch: name, numClasses: 10, normalize }, Generator.seeded(3));
    expect(model.parameters().reduce((sum, { numel }) => sum + numel, 0)).toBe(parameterCount);
    expect(model.spec.stem).toBe(stems?.[0]);
  });

  it("are the table of the documentation", () => {
    const document = readFileSync(new URL("../../../docs/reference/models.md", import.meta.url), "utf8");
    const rows = document.matchAll(/^\| `(\w+)` \| ([\d,]+) \| ([a-z, ]+) \|/gm);
    const listed = Array.from(rows, ([, arch, count, stems]) => [arch, Number(count?.replaceAll(",", "")), stems]);
    expect(listed).toEqual(
      architectures.map(({ name, parameterCount, stems }) => [name, parameterCount, stems?.join(", ")]),
    );
  });
});
