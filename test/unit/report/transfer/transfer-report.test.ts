import { expect, it } from "vitest";
import { parseRecord, transferRecordSchema } from "../../../../src/record/index.ts";
import { renderTransferReport, renderTransferTable } from "../../../../src/report/index.ts";
import { madeUpTransfer } from "./made-up-transfer.ts";
import { expectOffline, poisoned } from "../offline.ts";

it("is of records that fit the schema", () => {
  const text = JSON.stringify(madeUpTransfer);
  expect(parseRecord(transferRecordSchema, text, "transfer.json")).toEqual(madeUpTransfer);
});

it("gives every row with its intervals, and the ranking with what it took", () => {
  const table = renderTransferTable(madeUpTransfer);
  expect(table).toContain("| all classes | 0 | 3 | 60.00 | 59.0–61.0 |  |  |  |  |  | 2 s |");
  expect(table).toContain(
    "| l1-sparse | 1: cat | 3 | 63.00 | 61.0–65.0 | +3.00 | +1.00 to +5.00 | +1.00 | −2.00 to +4.00 | 12 s | 2 s |",
  );
  expect(table).toContain("| cat | 10.00 | 20.00 | −2.00 |");
  expect(table).toContain("Counting: one pass over 300 target images, 1.5 s.");
  expect(table).toContain("1 min 30 s, scored on 60 held-out target images.");
});

it("takes the interval of a single seed over images", () => {
  const rows = madeUpTransfer.rows.slice(0, 1).map((row) => {
    return { ...row, accuracy: { mean: 0.6, deviation: null, interval: null, n: 1 } };
  });
  expect(renderTransferTable({ ...madeUpTransfer, rows })).toContain("| 60.00 | 53.0–67.0 (images) |");
});

it("says that leave-out was not asked for", () => {
  const classes = [{ name: "cat", share: 0.1, probability: 0.2 }];
  const ranking = { by: "counts", classes, images: 300, countSeconds: 1.5 } as const;
  const table = renderTransferTable({ ...madeUpTransfer, ranking: { ...ranking } });
  expect(table).toContain("| cat | 10.00 | 20.00 | not measured |");
  expect(table).toContain("Leave-out: not asked for.");
});

it("is a page that runs and fetches nothing, whatever the records say", async () => {
  const page = await renderTransferReport(madeUpTransfer);
  expectOffline(page);
  expect(page).toContain("+3.00<small>+1.00 to +5.00</small>");
  expectOffline(await renderTransferReport(poisoned(madeUpTransfer)));
});
