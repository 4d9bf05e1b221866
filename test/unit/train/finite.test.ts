import fc from "fast-check";
import { expect, it } from "vitest";
import { liveTensors, scope, tensor } from "../../../src/torch/index.ts";
import { expectFiniteLogits, expectFiniteLoss, expectFiniteState } from "../../../src/train/finite.ts";
import { thrownBy } from "../../support/thrown-by.ts";
import { tinyNet } from "../../support/tiny-net.ts";

it("refuses a model by the first weight or statistic that is not finite, wherever it is", () => {
  const net = tinyNet();
  const names = [...net.stateDict()].filter(([, { dtype }]) => dtype === "float32").map(([name]) => name);
  const bad = fc.constantFrom(NaN, Infinity, -Infinity);
  fc.assert(
    fc.property(fc.subarray(names, { minLength: 1 }), bad, fc.nat(), (chosen, value, seed) => {
      const model = tinyNet();
      scope(() => {
        for (const name of chosen) {
          const flat = model.stateDict().get(name)?.detach().reshape([-1]);
          flat?.select(0, seed % flat.numel).fill_(value);
        }
      });
      const live = liveTensors();
      const { code, message, hint } = thrownBy(() => expectFiniteState("ssd", model, "lower --alpha"));
      expect(code).toBe("E_CONFIG");
      expect(message).toBe(`ssd: expected finite weights and statistics, got NaN or infinity in ${chosen[0]}`);
      expect(hint).toBe("the model is destroyed: lower --alpha");
      expect(liveTensors()).toBe(live);
      model.dispose();
    }),
    { numRuns: 25 },
  );
  expect(() => expectFiniteState("ssd", net)).not.toThrow();
});

it.each([NaN, Infinity])("refuses a loss of %s, and takes any other", (loss) => {
  expect(thrownBy(() => expectFiniteLoss("train", loss))).toMatchObject({
    code: "E_CONFIG",
    message: `train: expected a finite loss on the images trained on, got ${loss}`,
  });
  expect(() => expectFiniteLoss("train", 1e30)).not.toThrow();
});

it.each([NaN, Infinity, -Infinity])("refuses outputs among which is %s", (value) => {
  const logits = tensor([1, value, 0, 0], { shape: [2, 2] });
  expect(thrownBy(() => expectFiniteLogits(logits)).message).toContain("expected finite outputs of the model");
  expect(() => expectFiniteLogits(tensor([1, 2], { shape: [1, 2] }))).not.toThrow();
});
