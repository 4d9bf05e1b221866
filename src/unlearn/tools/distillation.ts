/**
 * How far a student's predictions are from a teacher's, softened.
 *
 *   d = T² KL(p_teacher ‖ p_student),  p = softmax(z / T),  mean over the batch
 *
 * Source     Hinton et al. 2015, arXiv:1503.02531, section 2: with T² gradients are of one size over temperatures
 * Reference  meghdadk/SCRUB DistillKL, T² kl_div(reduction="sum") / N
 * Differs    no known difference
 */
import { logSoftmax, softmax } from "../../nn/index.ts";
import type { Tensor } from "../../torch/index.ts";

/** A differentiable scalar. @param student_NK @param teacher_NK logits [N, K], the teacher's without gradient */
export function distillation(student_NK: Tensor, teacher_NK: Tensor, temperature: number): Tensor {
  const log = logSoftmax(student_NK.div(temperature));
  const soft = teacher_NK.div(temperature);
  const terms = softmax(soft).mul(logSoftmax(soft).sub(log));
  return terms.sum().mul((temperature * temperature) / (student_NK.shape[0] ?? 1));
}
