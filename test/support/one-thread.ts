/**
 * Imported for its effect: one thread inside of each operator. Test files run side by side, and with more threads than
 * cores every parallel region waits for the scheduler, which makes small operators ten times slower.
 */
import { setNumThreads } from "../../src/torch/index.ts";

setNumThreads(1);
