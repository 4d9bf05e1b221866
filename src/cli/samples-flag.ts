/** Whether what is written may hold images to be forgotten: two flags of which neither need be given. */
import { Option } from "@commander-js/extra-typings";
import { headings } from "./flags.ts";

export const samplesFlags = {
  with: new Option(
    "--with-samples",
    "include some images to be forgotten, with their ids (default: of built-in data only)",
  )
    .conflicts("samples")
    .helpGroup(headings.output),
  without: new Option("--no-samples", "include none, of built-in data either").helpGroup(headings.output),
};

/** Undefined where neither is given. @param samples false for `--no-samples` */
export function samplesAsked({
  withSamples,
  samples,
}: {
  readonly withSamples?: boolean | undefined;
  readonly samples: boolean;
}): boolean | undefined {
  if (withSamples === true) return true;
  return samples ? undefined : false;
}
