import { expect, it } from "vitest";
import { sceneShapes } from "../../../src/data/scene-shapes.ts";

/** A shape as rows of text, 12 samples a side, from the top left. */
function pictured(name: string): string[] {
  const shape = sceneShapes.find((candidate) => candidate.name === name);
  const at = (i: number): number => (2 * i + 1) / 12 - 1;
  return Array.from({ length: 12 }, (_, row) =>
    Array.from({ length: 12 }, (__, column) => (shape?.contains(at(column), at(row)) ? "#" : ".")).join(""),
  );
}

it("has ten shapes, all of them within the square and none like another", () => {
  expect(sceneShapes).toHaveLength(10);
  expect(new Set(sceneShapes.map(({ name }) => pictured(name).join())).size).toBe(10);
  for (const { name, contains } of sceneShapes) {
    for (const edge of [-1.01, 1.01]) {
      for (let t = -1.2; t <= 1.2; t += 0.05)
        expect([name, contains(edge, t), contains(t, edge)]).toEqual([name, false, false]);
    }
  }
});

it("draws them as their names say", () => {
  expect(pictured("frame")).toEqual([
    "............",
    ".##########.",
    ".##########.",
    ".##......##.",
    ".##......##.",
    ".##......##.",
    ".##......##.",
    ".##......##.",
    ".##......##.",
    ".##########.",
    ".##########.",
    "............",
  ]);
  expect(pictured("arrow")).toEqual([
    "............",
    "............",
    ".......#....",
    ".......##...",
    "##########..",
    "###########.",
    "###########.",
    "##########..",
    ".......##...",
    ".......#....",
    "............",
    "............",
  ]);
  expect(pictured("heart")).toEqual([
    "..###..###..",
    ".##########.",
    "############",
    "############",
    "############",
    ".##########.",
    ".##########.",
    "..########..",
    "..########..",
    "...######...",
    ".....##.....",
    "............",
  ]);
});
