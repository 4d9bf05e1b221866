import { describe, expect, it } from "vitest";
import { backdoorFindings, gridFindings, theoryFindings } from "../../../src/findings/registry.ts";

describe("the findings", () => {
  const all = Object.entries({ ...gridFindings, ...backdoorFindings, ...theoryFindings });

  it.each(all)("%s is registered under its name, with its claim and source", (name, finding) => {
    expect(finding.name).toBe(name);
    expect(finding.claim).toMatch(/^.{20,}[^.]$/);
    expect(finding.published).toMatch(/Jia et al\., NeurIPS 2023|^not published/);
  });
});
