import { describe, expect, it } from "vitest";
import { CoppiceError } from "../../../src/util/errors.ts";
import { Registry } from "../../../src/util/registry.ts";
import { thrownBy } from "../../support/thrown-by.ts";

interface Colour {
  readonly name: string;
  readonly red: number;
}

const [red, green] = [
  { name: "red", red: 255 },
  { name: "green", red: 0 },
] as const;
const registry = (): Registry<Colour> => new Registry<Colour>("colour", [red, green]);

describe("a registry", () => {
  it("lists definitions in their order, the added ones last, and finds them by name", () => {
    const colours = registry();
    const { all } = colours;
    expect(colours.names).toEqual(["red", "green"]);
    expect(colours.named("green")).toBe(green);
    const blue = { name: "blue", red: 0 };
    expect(colours.add(blue)).toBe(blue);
    expect(all).toEqual([red, green, blue]);
    expect(colours.named("blue")).toBe(blue);
  });

  it("suggests the nearest name for an unknown one", () => {
    expect(thrownBy(() => registry().named("grene"))).toMatchObject({
      code: "E_ARG",
      message: 'colour: expected one of red, green, got "grene"',
      hint: "did you mean green?",
    });
  });

  it("refuses a name that is taken", () => {
    const error = thrownBy(() => registry().add({ name: "red", red: 200 }));
    expect(error).toMatchObject({ code: "E_ARG", message: 'colour: expected a name that is not taken, got "red"' });
    expect(error.hint).toBe("taken are red, green");
    expect(() => new Registry("colour", [red, red])).toThrow("a name that is not taken");
  });

  it("takes a name or a definition, and knows the definition by its name from then on", () => {
    const colours = registry();
    const blue = { name: "blue", red: 0 };
    expect(colours.resolve("red")).toBe(red);
    expect(colours.resolve(red)).toBe(red);
    expect(() => colours.resolve("blue")).toThrow("colour: expected one of red, green");
    expect(colours.resolve(blue)).toBe(blue);
    expect(colours.resolve(blue)).toBe(blue);
    expect(colours.resolve("blue")).toBe(blue);
    expect(() => colours.resolve({ name: "blue", red: 1 })).toThrow("a name that is not taken");
    expect(registry().names).toEqual(["red", "green"]);
  });

  it("checks what is added, and keeps nothing that is refused", () => {
    const colours = new Registry<Colour>("colour", [red], ({ red: amount }) => {
      if (amount > 255) throw new CoppiceError("E_ARG", "too red");
    });
    expect(() => colours.resolve({ name: "infra", red: 300 })).toThrow("too red");
    expect(colours.names).toEqual(["red"]);
  });
});
