/** How to read the scores: one line each. `docs/report.md` says it at length. */
import { html } from "../html.ts";
import type { Html } from "../html.ts";
import { definitions } from "../page.ts";
import { MATTERS } from "./compare.ts";

/** The section. */
export function readingSection(): Html {
  const matters = `${MATTERS * 100} percentage point`;
  return html`<section>
    <h2>How to read this</h2>
    ${definitions([
      [
        "Retrain",
        "The same training without the images to be forgotten. It is the yardstick: unlearning should give the scores it gives, at less cost.",
      ],
      [
        "UA",
        "1 − accuracy on the forget images. For a whole class, Retrain gets all of them wrong; for random images it still gets most right, since they look like the rest.",
      ],
      [
        "MIA",
        "An attacker sees the model's confidence on images it was trained on and on test images, learns the difference (a support vector machine), and judges the forget images. The share it takes for never seen.",
      ],
      ["RA, TA", "Accuracy on the images that may be kept and on test images: what forgetting must not cost."],
      [
        "RTE",
        "Wall time of the stage's own work, without data loading and evaluation. Where only live weights were computed: beside it what the dense operators would take, from a dense step measured on the machine.",
      ],
      [
        "Gap",
        `Model minus Retrain. “same”: within chance, or under ${matters}; “unclear”: too few images to say; else it differs beyond chance.`,
      ],
      ["Disparity Ave.", "Mean size of the four gaps. 0 is Retrain itself."],
    ])}
    <p class="hint">
      Scores after Jia et al., “Model Sparsity Can Simplify Machine Unlearning”, NeurIPS 2023, arXiv 2304.04934;
      intervals after Clopper and Pearson, 1934, and Newcombe, 1998.
    </p>
  </section> `;
}
