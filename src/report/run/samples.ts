/** Forget images with the probability of their label before and after. */
import type { Sample, SampleImage } from "../../record/index.ts";
import { percent } from "../../format/index.ts";
import { html } from "../html.ts";
import type { Html } from "../html.ts";
import { numberedClass } from "../../util/numbered-class.ts";

/** The section; nothing when the evaluation kept no images. */
export async function samplesSection(
  samples: readonly Sample[],
  classNames: readonly string[],
): Promise<Html | undefined> {
  if (samples.length === 0) return undefined;
  const cards = await Promise.all(samples.map((sample) => sampleCard(sample, classNames)));
  const before = samples.some(({ probabilityBefore }) => probabilityBefore !== undefined);
  const bars = before ? "grey before forgetting, green after" : "green";
  return html`<section>
    <h2>Some of the images to be forgotten</h2>
    <p class="hint">
      The probability given to the true class: ${bars}. Then the class the model answers now, if it is another.
    </p>
    <ul class="samples">
      ${cards}
    </ul>
  </section> `;
}

/** A class by number and name, or `class 9` where it has no name. */
export function className(label: number, classNames: readonly string[]): string {
  return label in classNames ? numberedClass(label, classNames) : `class ${label}`;
}

/** An image as an `img` element holding its PNG. */
export async function imageElement(image: SampleImage, alt: string): Promise<Html> {
  return html`<img
    src="data:image/png;base64,${await toPng(image)}"
    width="${image.width}"
    height="${image.height}"
    alt="${alt}"
  />`;
}

async function sampleCard(sample: Sample, classNames: readonly string[]): Promise<Html> {
  const { index, id, label, image, probabilityBefore, probabilityAfter, predictedAfter } = sample;
  const name = className(label, classNames);
  const img = await imageElement(image, `Forget image ${id}, of class ${name}`);
  const answer = predictedAfter === label ? undefined : html`now: ${className(predictedAfter, classNames)}`;
  return html`<li class="sample">
    ${img}
    <div>
      <b>${name}</b> <small>${id === "" ? `no. ${index}` : id}</small>${
        probabilityBefore === undefined ? undefined : bar("before", probabilityBefore)
      }${bar("after", probabilityAfter)}${answer}
    </div>
  </li> `;
}

function bar(kind: "before" | "after", probability: number): Html {
  const share = (probability * 100).toFixed(1);
  return html`<span class="bar ${kind}" title="${kind}"
    ><i style="--share:${share}%"></i><span>${percent(probability)}</span></span
  >`;
}

/** Pixels [channels, height, width] to a base64 PNG. */
async function toPng({ channels, height, width, data }: SampleImage): Promise<string> {
  const { default: sharp } = await import("sharp");
  const planes = Buffer.from(data, "base64");
  const area = height * width;
  const pixels = Buffer.alloc(planes.length);
  for (let pixel = 0; pixel < area; pixel++) {
    for (let channel = 0; channel < channels; channel++) {
      pixels[pixel * channels + channel] = planes[channel * area + pixel] ?? 0;
    }
  }
  const png = await sharp(pixels, { raw: { width, height, channels } }).png({ compressionLevel: 9 }).toBuffer();
  return png.toString("base64");
}
