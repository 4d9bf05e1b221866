/**
 * An ensemble: several networks of one architecture, whose prediction is the mean of theirs.
 *
 *   p(y|x) = Σ_s w_s softmax(z_s(x))_y      logits  log p(y|x)
 *
 * Symbols    z_s logits of network s · w_s its weight, adding up to 1
 * Source     Bourtoule et al., IEEE S&P 2021, arXiv:1912.03817, section IV-B (aggregation of prediction vectors)
 */
import { logSoftmax } from "../nn/index.ts";
import { noGrad, ones, scope, stack, type Tensor, tensor } from "../torch/index.ts";
import { Model, type ResolvedModelSpec } from "./model.ts";

/** Networks are `member0`, `member1`, … in parameter names; the buffer `weights` holds theirs. */
export class Ensemble extends Model {
  readonly members: readonly Model[];

  /** @param members at least two; the ensemble owns them */
  constructor(spec: ResolvedModelSpec, members: readonly Model[]) {
    super(spec);
    this.members = members.map((member, s) => this.registerModule(memberName(s), member));
    this.registerBuffer("weights", ones([members.length]).div(members.length));
  }

  get weights(): Tensor {
    return this.buffer("weights");
  }

  /** Weighs the networks in proportion to `shares`, each at least 0 and one above. */
  weigh(shares: readonly number[]): void {
    const total = shares.reduce((sum, share) => sum + share, 0);
    noGrad(() => scope(() => this.weights.copy_(tensor(Float64Array.from(shares, (share) => share / total)))));
  }

  override forward(images_NCHW: Tensor): Tensor {
    const log_SNK = stack(this.members.map((member) => logSoftmax(member.call(images_NCHW))));
    return log_SNK.add(this.weights.log().view([-1, 1, 1])).logsumexp(0);
  }
}

export function memberName(index: number): string {
  return `member${index}`;
}
