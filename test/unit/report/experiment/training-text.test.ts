import { expect, it } from "vitest";
import { trainingText } from "../../../../src/report/experiment/training-text.ts";

it("names data and network, and how many images where not all are used", () => {
  const data = { name: "fashion-mnist", allowUnverified: false, numTrain: 1000, numTest: 500 };
  expect(trainingText({ training: { data, arch: "resnet20s", stem: "cifar" } })).toBe(
    "fashion-mnist (1,000 training images and 500 test images), resnet20s",
  );
  expect(trainingText({ training: { data: { name: "cifar10" }, arch: "resnet18" } })).toBe("cifar10, resnet18");
});

it("leaves out what the record does not say", () => {
  expect(trainingText({ training: { arch: "resnet20s" } })).toBe("resnet20s");
  expect(trainingText({ training: {} })).toBe("");
  expect(trainingText({ training: { data: "cifar10" } })).toBe("");
});
