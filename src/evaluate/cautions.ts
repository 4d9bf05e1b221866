/** What a reader must know before trusting the numbers of an evaluation. */
import { scope, type Tensor } from "../torch/index.ts";
import type { Prediction } from "../train/index.ts";
import { clopperPearson } from "../statistics/clopper-pearson.ts";
import { countImages, type PredictionInput, toPrediction } from "./plain-prediction.ts";

export interface EvaluatedPredictions {
  readonly forget: PredictionInput;
  /** In ascending order of their indices. */
  readonly retain: PredictionInput;
  readonly test: PredictionInput;
}

// Fewer forget images than this leave UA and MIA uncertain by 0.1 either way.
const FEW_IMAGES = 100;

/** Sentences for the reader; empty where there is nothing to warn of. */
export function cautionsFor({ forget, retain, test }: EvaluatedPredictions): string[] {
  const cautions: string[] = [];
  const [numForget, numRetain, numTest] = [countImages(forget), countImages(retain), countImages(test)];
  const unseen = classesMissing(forget, test);
  if (unseen > 0) {
    cautions.push(
      `${unseen === 1 ? "One forgotten class has" : `${unseen} forgotten classes have`} no test images, so the membership attack's ` +
        "non-members hold nothing of it: MIA then says whether the model still knows the class, not whether it remembers the images, " +
        "and reaches 1 for any model that gets them wrong or is unsure of them. Judge by the gap to Retrain.",
    );
  }
  if (numRetain < numTest) {
    cautions.push(
      `The membership attack learnt from ${numRetain} members and ${numTest} non-members: fewer images are retained than there are ` +
        "test images, and an attack trained on unequal numbers leans to the larger side.",
    );
  }
  if (numForget < FEW_IMAGES) {
    const [low, high] = clopperPearson(Math.floor(numForget / 2), numForget);
    cautions.push(
      `Only ${numForget} forget ${numForget === 1 ? "image" : "images"}: the 95 % intervals of UA and MIA are up to ` +
        `${(high - low).toFixed(2)} wide (0 to 1), so small differences between models mean nothing.`,
    );
  }
  return cautions;
}

/** How many classes of the forget images have no test image. */
function classesMissing(forget: PredictionInput, test: PredictionInput): number {
  return scope(() => {
    const [forgotten, tested] = [toPrediction("forget", forget), toPrediction("test", test)];
    const numClasses = forgotten.logits.shape[1] ?? 0;
    const present = ({ labels }: Prediction): Tensor => labels.bincount(null, numClasses).gt(0);
    return present(forgotten).logicalAnd(present(tested).logicalNot()).sum().item();
  });
}
