/** How to read the scores: one line each. `docs/explanation/report.md` says it at length. */
import { html } from "../html.ts";
import type { Html } from "../html.ts";
import { definitions } from "../page.ts";

/** The section. @param gap what a gap is on the page */
export function readingSection(gap: string): Html {
  return html`<section>
    <h2>How to read this</h2>
    ${definitions([
      [
        "Retrain",
        "The same training without the images to be forgotten. The baseline: unlearning should give the scores it gives, at less cost.",
      ],
      [
        "UA",
        "1 − accuracy on the forget images: UA 73.6 % means that 26.4 % of them are still classified correctly. For a whole class, Retrain gets all of them wrong; for random images it still gets most right, since they look like the rest.",
      ],
      [
        "MIA",
        "A membership attack: a support vector machine learns how the model's confidence differs between images it was trained on and test images. MIA is the share of the forget images that it classifies as non-members.",
      ],
      ["RA, TA", "Accuracy on the images that may be kept and on test images: what forgetting must not cost."],
      [
        "RTE",
        "Wall time of the stage's own work, without data loading and evaluation. Where only live weights were computed: beside it what the dense operators would take, from a dense step measured on the machine.",
      ],
      ["Gap", gap],
      ["Disparity Ave.", "Mean size of the four gaps. 0 is Retrain itself."],
    ])}
    <p class="hint">
      Scores after Jia et al., “Model Sparsity Can Simplify Machine Unlearning”, NeurIPS 2023, arXiv 2304.04934;
      intervals after Clopper and Pearson, 1934, and Newcombe, 1998.
    </p>
  </section> `;
}
