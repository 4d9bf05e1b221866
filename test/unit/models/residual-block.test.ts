import { expect, it } from "vitest";
import { GraphBuilder } from "../../../src/models/graph.ts";
import { BasicBlock, Bottleneck, Projection } from "../../../src/models/residual-block.ts";
import type { Module } from "../../../src/nn/index.ts";
import { Generator, noGrad, randn } from "../../../src/torch/index.ts";
import "../../support/one-thread.ts";

const generator = Generator.seeded(1);
const input = randn([2, 4, 6, 6], { generator });

/** Sets the scales of the normalisation at `path` to zero, so that what it normalises adds nothing. */
function mute(block: Module, path: string): void {
  noGrad(() => block.namedParameters().get(`${path}.weight`)?.zero_());
}

it.each([
  ["basic", new BasicBlock({ inChannels: 4, channels: 4, stride: 1 }, generator), "bn2"],
  ["bottleneck", new Bottleneck({ inChannels: 4, channels: 1, stride: 1 }, generator), "bn3"],
] as const)("a %s block adds its input to what its convolutions make", (_, block, last) => {
  noGrad(() => {
    expect(block.call(input).sub(input.relu()).abs().amax().item()).toBeGreaterThan(0.1);
    mute(block, last);
    expect(block.call(input).toArray()).toEqual(input.relu().toArray());
  });
});

it("a block with a projection strides and widens, and adds the projection of its input", () => {
  const projection = new Projection(4, 8, 2, generator);
  const block = new BasicBlock({ inChannels: 4, channels: 8, stride: 2 }, generator, projection);
  mute(block, "bn2");
  noGrad(() => {
    const output = block.call(input);
    expect(output.shape).toEqual([2, 8, 3, 3]);
    expect(output.toArray()).toEqual(projection.call(input).relu().toArray());
  });
  expect([...block.namedParameters().keys()]).toContain("downsample.0.weight");
});

it("a bottleneck gives four times its channels, and strides in the 3x3 convolution", () => {
  const block = new Bottleneck(
    { inChannels: 4, channels: 2, stride: 2 },
    generator,
    new Projection(4, 8, 2, generator),
  );
  expect(noGrad(() => block.call(input)).shape).toEqual([2, 8, 3, 3]);
  const strides = [...block.namedModules()].flatMap(([path, module]) =>
    /^conv\d$/.test(path) ? [(module as unknown as { stride: readonly number[] }).stride] : [],
  );
  expect(strides.map(([first]) => first)).toEqual([1, 2, 1]);
});

it("describes its convolutions in order, with the shortcut on the last", () => {
  const block = new BasicBlock(
    { inChannels: 4, channels: 8, stride: 2 },
    generator,
    new Projection(4, 8, 2, generator),
  );
  const graph = new GraphBuilder();
  expect(block.describe(graph, 0)).toBe(3);
  const [first, projection, second] = graph.steps as [unknown, unknown, unknown];
  expect(first).toMatchObject({ input: 0 });
  expect(projection).toMatchObject({ input: 0, projection: true });
  expect(second).toMatchObject({ input: 1, shortcut: { kind: "projection", tensor: 2 } });
});
