import { it } from "vitest";
import { Flatten } from "../../../src/nn/index.ts";
import { expectLikePyTorch } from "../../support/layer-fixture.ts";

it("equals PyTorch's", () => expectLikePyTorch("flatten", new Flatten()));
