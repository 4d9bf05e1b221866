import { expect, it } from "vitest";
import { fashionMnistFiles } from "../../../src/data/fashion-mnist.ts";
import { idxFiles } from "../../../src/data/idx-dataset.ts";
import { mnistFiles } from "../../../src/data/mnist.ts";

it("is told from Fashion-MNIST, whose files have the same names, by every checksum", () => {
  for (const file of idxFiles) {
    expect(mnistFiles.md5[file]).toMatch(/^[0-9a-f]{32}$/);
    expect(mnistFiles.md5[file]).not.toBe(fashionMnistFiles.md5[file]);
  }
});

it("names the classes by their digits", () => {
  expect(mnistFiles.classNames).toEqual(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
});
