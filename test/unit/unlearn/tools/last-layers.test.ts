import { expect, it } from "vitest";
import { expectLayers, lastLayers, trainingOnly, within } from "../../../../src/unlearn/tools/last-layers.ts";
import { thrownBy } from "../../../support/thrown-by.ts";
import { tinyNet } from "../../../support/tiny-net.ts";

it("counts convolutions and linear layers from the end, each with its normalisation", () => {
  const net = tinyNet();
  expect(lastLayers(net, 1, "cf-k")).toEqual(["fc"]);
  expect(lastLayers(net, 2, "cf-k")).toEqual(["conv3", "bn3", "fc"]);
  expect(lastLayers(net, 4, "cf-k")).toEqual(["conv1", "bn1", "conv2", "bn2", "conv3", "bn3", "fc"]);
  expect(thrownBy(() => lastLayers(net, 5, "cf-k")).message).toMatch(/cf-k layers: expected .*4.*, got 5/);
});

it("knows before there is a network whether it has as many", () => {
  expect(() => expectLayers("eu-k", 20, { layers: 20 })).not.toThrow();
  expect(() => expectLayers("eu-k", 21, { layers: 20 })).toThrow("eu-k layers: expected a number in [1, 20], got 21");
});

it("takes what belongs to a layer, and nothing of a layer whose path it begins", () => {
  const named = new Map([
    ["conv1.weight", 1],
    ["conv10.weight", 2],
    ["layer.conv1.weight", 3],
  ]);
  expect([...within(named, ["conv1"])]).toEqual([["conv1.weight", 1]]);
});

it("takes the gradients of the others away while it lasts, also when it fails", async () => {
  const net = tinyNet();
  const requiring = (): string[] =>
    [...net.namedParameters()].filter(([, parameter]) => parameter.requiresGrad).map(([name]) => name);
  const all = requiring();
  await trainingOnly(net, ["fc"], async () => expect(requiring()).toEqual(["fc.weight", "fc.bias"]));
  await expect(trainingOnly(net, ["fc"], () => Promise.reject(new TypeError("no")))).rejects.toThrow("no");
  expect(requiring()).toEqual(all);
});
