import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { className, imageElement, samplesSection } from "../../../../src/report/run/samples.ts";
import { elementsOf, textOf } from "../markup.ts";
import { samples } from "../made-up-records.ts";

const names = ["airplane", "automobile", "bird", "cat", "deer", "dog"];

describe("sample images", () => {
  it("are the pixels of the record", async () => {
    const data = Uint8Array.from({ length: 3 * 2 * 4 }, (_, index) => index * 10);
    const image = { channels: 3 as const, height: 2, width: 4, data: Buffer.from(data).toString("base64") };
    const source = elementsOf((await imageElement(image, "x")).markup)[0]?.attributes.get("src") ?? "";
    const png = Buffer.from(source.replace("data:image/png;base64,", ""), "base64");
    const { data: pixels, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height, info.channels]).toEqual([4, 2, 3]);
    // Pixel 5, interleaved, from planes of 8.
    expect([...pixels.subarray(15, 18)]).toEqual([50, 130, 210]);
  });

  it("can be grey", async () => {
    const image = { channels: 1 as const, height: 1, width: 2, data: Buffer.from([0, 200]).toString("base64") };
    const { markup } = await imageElement(image, "grey");
    const png = Buffer.from(/base64,([^"]*)/.exec(markup)?.[1] ?? "", "base64");
    const pixels = await sharp(png).toColourspace("b-w").raw().toBuffer();
    expect([...pixels]).toEqual([0, 200]);
  });

  it("have a text for those who cannot see them, and both probabilities", async () => {
    const section = await samplesSection(samples(2), names);
    const images = elementsOf(section?.markup ?? "").filter(({ name }) => name === "img");
    expect(images.map(({ attributes }) => attributes.get("alt"))).toEqual([
      "Forget image train/7, of class 3 (cat)",
      "Forget image train/107, of class 3 (cat)",
    ]);
    expect(textOf(section?.markup ?? "").replaceAll("\u202f", " ")).toMatch(
      /3 \(cat\) train\/7 100 % 0\.4 % now: 5 \(dog\)/,
    );
  });

  it("show the model's probability alone where there was nothing before", async () => {
    const after = samples(1).map(({ probabilityBefore: _p, predictedBefore: _c, ...sample }) => sample);
    expect((await samplesSection(after, names))?.markup).not.toMatch(/class="bar before"|grey before/);
  });

  it("are no section where there are none", async () => {
    expect(await samplesSection([], names)).toBeUndefined();
  });

  it("call a class without a name by its number", () => {
    expect([className(3, names), className(9, names)]).toEqual(["3 (cat)", "class 9"]);
  });
});
