/** No file of src/ imports itself on a way round, imports of types included: what cannot be read in an order has no layers. */
import { describe, expect, it } from "vitest";
import { type Edge, importsOf, sourceFiles } from "../support/source-files.ts";

/** Circles that are left, each as its files in order. It only gets shorter. */
const left: readonly (readonly string[])[] = [
  // A tensor's methods are made of the operators, which take and return tensors.
  [
    "src/torch/operators.generated.ts",
    "src/torch/tensor-methods.generated.ts",
    "src/torch/tensor.ts",
    "src/torch/wrap.ts",
  ],
];

/** Groups of files of which each reaches each other by imports (strongly connected components, Tarjan 1972). */
function circlesAmong(edges: readonly Edge[]): string[][] {
  const targets = new Map<string, string[]>();
  for (const { from, to } of edges) targets.set(from, [...(targets.get(from) ?? []), to]);
  const order = new Map<string, number>();
  const open: string[] = [];
  const circles: string[][] = [];
  const visit = (file: string): number => {
    const index = order.size;
    order.set(file, index);
    open.push(file);
    let low = index;
    for (const to of targets.get(file) ?? []) {
      if (!order.has(to)) low = Math.min(low, visit(to));
      else if (open.includes(to)) low = Math.min(low, order.get(to) ?? low);
    }
    if (low === index) {
      const circle = open.splice(open.indexOf(file));
      if (circle.length > 1 || (targets.get(file) ?? []).includes(file)) circles.push(circle.toSorted());
    }
    return low;
  };
  for (const file of targets.keys()) if (!order.has(file)) visit(file);
  return circles.toSorted(([a = ""], [b = ""]) => (a < b ? -1 : 1));
}

describe("imports between files", () => {
  it("run in no circle but those that are listed", () => {
    const edges = sourceFiles("src", /\.ts$/).flatMap(importsOf);
    expect(edges.length).toBeGreaterThan(1000);
    expect(circlesAmong(edges)).toEqual(left);
  });

  it("would be seen to run in one", () => {
    const edge = (text: string): Edge => ({ from: text.charAt(0), to: text.charAt(1) });
    expect(circlesAmong(["ab", "bc", "ac"].map(edge))).toEqual([]);
    expect(circlesAmong(["ab", "bc", "cb", "cd"].map(edge))).toEqual([["b", "c"]]);
    expect(circlesAmong(["ab", "ba", "cd", "de", "ec", "bc"].map(edge))).toEqual([
      ["a", "b"],
      ["c", "d", "e"],
    ]);
    expect(circlesAmong(["aa"].map(edge))).toEqual([["a"]]);
  });
});
