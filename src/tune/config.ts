/** What a search for options is asked to do. */
import type { ForgetRequest } from "../record/forget-request.ts";
import type { ForgetConfig } from "../stages/config.ts";

export interface TuneConfig extends Omit<ForgetConfig, "withhold" | "request"> {
  readonly request: ForgetRequest;
  /** Ranges and choices, see parseSearch; default: around the values that hold without a search. */
  readonly search?: string;
  /** Trials to draw, ≥ 1. Default 16, or as many as fit into `minutes`. */
  readonly trials?: number;
  /** No trial begins after that many minutes of trials, > 0. */
  readonly minutes?: number;
  /** Share of the retained images of every class, in (0, 1), kept from the method to judge it on. */
  readonly withhold: number;
}
