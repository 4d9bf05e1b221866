import { describe, expect, it } from "vitest";
import { callable, checkDefinition } from "../../../src/util/definition.ts";
import { thrownBy } from "../../support/thrown-by.ts";

const fields = { title: "text", run: "function", needs: "object", caution: "function?" } as const;
const whole = { name: "mine", title: "Mine", run: () => 1, needs: {} };

describe("a definition", () => {
  it("is taken with all of its fields, and with those that it may lack or have beside them", () => {
    expect(() => checkDefinition("method", whole, fields)).not.toThrow();
    expect(() => checkDefinition("method", { ...whole, caution: () => "", own: 1 }, fields)).not.toThrow();
  });

  it.each([
    [{ title: undefined }, "method mine: expected the field title to be a text, got none"],
    [{ title: "  " }, 'method mine: expected the field title to be a text, got "  "'],
    [{ run: undefined }, "method mine: expected the field run to be a function, got none"],
    [{ run: 3 }, "method mine: expected the field run to be a function, got 3"],
    [{ needs: null }, "method mine: expected the field needs to be an object, got null"],
    [{ caution: "careful" }, 'method mine: expected the field caution to be a function, got "careful"'],
    [{ name: undefined }, "method: expected the field name to be a text, got none"],
    [{ name: "" }, 'method: expected the field name to be a text, got ""'],
  ])("is refused with %o", (change, message) => {
    const error = thrownBy(() => checkDefinition("method", { ...whole, ...change }, fields));
    expect(error).toMatchObject({ code: "E_ARG", message });
  });
});

describe("a callable definition", () => {
  const definition = { name: "mine", rate: 3, twice: (value: number) => 2 * value };
  const mine = callable(definition, (self, options: { gamma?: number | undefined }) => ({ self, options }));

  it("keeps the fields, its name among them", () => {
    expect(mine.name).toBe("mine");
    expect([mine.rate, mine.twice(4)]).toEqual([3, 8]);
    expect({ ...mine }).toEqual(definition);
    const { name, rate } = mine;
    expect([name, rate]).toEqual(["mine", 3]);
  });

  it("gives itself and the options", () => {
    expect(mine({ gamma: 2 }).options).toEqual({ gamma: 2 });
    expect(mine({ gamma: 2 }).self).toBe(mine);
    expect(mine().options).toEqual({});
  });
});
