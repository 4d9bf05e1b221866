import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { looseKey, looseKeysOfListed, looseText } from "../../../../src/data/forget-list/loose-key.ts";

describe("the loose key", () => {
  it.each([
    ["train/cat/customer_9001.jpg", "customer_9001"],
    ["a#1.png", "a#1"],
    ["train/00017", "17"],
    ["x/scan-007.v2.tiff", "scan-7.v2"],
    ["100%.png", "100%"],
  ])("of the id %j is %j", (id, key) => {
    expect(looseKey(id)).toBe(key);
    expect(looseKeysOfListed(id)).toContain(key);
  });

  it("of what may be no name at all is none", () => {
    for (const text of ["", " ", "\u200b", '""', "/"]) expect(looseKeysOfListed(text)).toEqual([]);
  });

  it("keeps different names apart", () => {
    for (const text of ["customer_9002.png", "customer_90010", "customer_9001b.png", "x_9001.png", "customer_9001/a"])
      expect(looseKeysOfListed(text)).not.toContain("customer_9001");
  });

  it("is the same however often it is taken, and for all that surrounds an id", () => {
    const name = fc.stringMatching(/^[a-z]{1,5}[_-][1-9]\d{0,4}$/);
    const around = fc.constantFrom<(id: string) => string>(
      (id) => `"${id}"`,
      (id) => ` ${id}\u200b`,
      (id) => `[${id}];`,
      (id) => `${id},1`,
      (id) => `${id}?v=1`,
      (id) => id.toUpperCase(),
      (id) => id.replaceAll("/", "\\"),
      (id) => (id.includes("%25") ? id : encodeURIComponent(id)),
      (id) => id.replace("_", "_00").replaceAll("-", "\u2013"),
    );
    fc.assert(
      fc.property(name, fc.array(around, { maxLength: 3 }), (stem, changes) => {
        const listed = changes.reduce((text, change) => change(text), `train/cat/${stem}.png`);
        expect(looseKeysOfListed(listed)).toContain(looseKey(`test/${stem}.jpg`));
      }),
    );
  });

  it("of a very long text takes no long time", () => {
    const begin = performance.now();
    looseText(`a${" ".repeat(1e6)}b${"\u200b;".repeat(1e6)}`);
    expect(performance.now() - begin).toBeLessThan(5000);
  });
});
