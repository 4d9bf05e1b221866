import { expect, it } from "vitest";
import { figuresOf } from "../../../../src/report/backdoor/backdoor-figures.ts";
import { madeUpCell } from "./made-up-backdoor.ts";

const texts = async (...cells: Parameters<typeof figuresOf>[1]): Promise<string[]> =>
  (await figuresOf("badnets", cells)).map(({ markup }) => markup);

it("shows scores over sparsity beside the published curves where there are several", async () => {
  const figures = await texts(madeUpCell("FT", 10), { ...madeUpCell("FT", 10), sparsity: 0.9 });
  expect(figures).toHaveLength(3);
  expect(figures[0]).toContain("over sparsity in percent; dotted: published");
  expect(figures[2]).toContain("ASR, without the target class, over steps of the cleanse");
});

it("shows gain beside cost where there is one sparsity", async () => {
  const figures = await texts(madeUpCell("FT", 10), madeUpCell("CLP", 10));
  expect(figures).toHaveLength(2);
  expect(figures[0]).toContain("SA over ASR, without the target class");
});

it("shows the share that is known, and what is mixed in", async () => {
  const of = (known: number, mixed: number) => ({ ...madeUpCell(`${known} ${mixed}`, 10), suspects: { known, mixed } });
  const figures = await texts(of(0.5, 0), of(1, 0), of(1, 1));
  expect(figures).toHaveLength(4);
  expect(figures[0]).toContain("share of the poison that is known");
  expect(figures[0]).toContain("ASR, without the target class, and SA");
  expect(figures[2]).toContain("clean images suspected for each poisoned one");
});
