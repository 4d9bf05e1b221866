import { expect, it } from "vitest";
import { attackNamed, attacks } from "../../../../src/data/poison/registry.ts";
import { thrownBy } from "../../../support/thrown-by.ts";

it("lists the attacks, each with its texts", () => {
  expect(attacks.map(({ name }) => name)).toEqual(["badnets", "badnets-bench", "blended", "sig", "wanet"]);
  for (const { title, description, source } of attacks) {
    for (const text of [title, description, source]) expect(text.trim().length).toBeGreaterThan(2);
  }
});

it("finds an attack by name, and suggests the nearest", () => {
  for (const attack of attacks) expect(attackNamed(attack.name)).toBe(attack);
  expect(thrownBy(() => attackNamed("badnet"))).toMatchObject({ code: "E_ARG", hint: "did you mean badnets?" });
});
