import fc from "fast-check";
import { expect, it } from "vitest";
import { wholeClasses } from "../../../src/data/whole-classes.ts";

it("finds the classes of which these are all images, for any images", () => {
  const labels = fc.array(fc.nat(3), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(labels, fc.array(fc.boolean(), { minLength: 24, maxLength: 24 }), (all, marks) => {
      const train = [...all.keys()].filter((index) => marks[index]);
      const forget = train.filter((index) => marks[12 + index]);
      const found = wholeClasses(forget, { indices: { train } as never }, Uint8Array.from(all));
      const whole = [0, 1, 2, 3].filter((label) => forget.some((index) => all[index] === label));
      const isWhole = train.every((index) => forget.includes(index) || !whole.includes(all[index] ?? -1));
      expect(found).toEqual(isWhole ? whole : []);
    }),
  );
});
