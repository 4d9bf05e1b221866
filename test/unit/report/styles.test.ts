import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { COLOURS } from "../../../src/report/charts/chart.ts";
import { styles } from "../../../src/report/styles.ts";
import { sourceFiles } from "../../support/source-files.ts";

const declared = (block: string): string[] => [...block.matchAll(/(--[a-z-]+):/g)].map(([, name = ""]) => name);

it("declares each colour for light screens, for dark ones and for paper", () => {
  const [light, dark, paper] = styles
    .split(/:root \{/)
    .slice(1)
    .map((block) => declared(block.split("}")[0] ?? ""));
  expect(light?.length).toBeGreaterThan(10);
  expect(dark).toEqual(light);
  expect(paper).toEqual(light);
});

it("has every colour that is used, in it and in charts", () => {
  const known = new Set([...declared(styles), "--share", "--bar"]);
  const used = [...styles.matchAll(/var\((--[a-z-]+)\)/g)].map(([, name = ""]) => name);
  const charts = Object.values(COLOURS).map((colour) => colour.slice("var(".length, -1));
  expect([...used, ...charts].filter((name) => !known.has(name))).toEqual([]);
});

it("styles only classes that some page has", () => {
  const pages = sourceFiles("src/report", /\.ts$/)
    .filter(({ path }) => path !== "src/report/styles.ts")
    .map(({ path }) => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8"))
    .join("\n");
  const classes = new Set([...styles.matchAll(/\.([a-z]+)(?=[\s.:,{[>])/g)].map(([, name = ""]) => name));
  expect([...classes].filter((name) => !new RegExp(`\\b${name}\\b`).test(pages))).toEqual([]);
});
