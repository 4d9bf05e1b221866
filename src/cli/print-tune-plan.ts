/** What a search for options would do, on a terminal. */
import { plural } from "../format/index.ts";
import { lookedAt, type PreparedTune } from "../tune/index.ts";
import { print } from "./output.ts";

export function printTunePlan(tune: PreparedTune): void {
  const { method, space, rungs, halvingNote, split, config } = tune;
  const { objective, neverSeen, withheld, statement } = lookedAt(tune);
  const { forget, retain } = split.indices;
  print(`${method.name}: forgets ${plural(forget.length, "image")}, and may train on ${retain.length} retained ones`);
  for (const dimension of space) print(`  searched: ${dimension.option}, ${rangeText(dimension)}`);
  const trials = rungs.map(
    ({ trials: count, epochs }) => `${count} ${epochs === null ? "in full" : `of ${plural(epochs, "epoch")}`}`,
  );
  print(`  trials: 1 with the values that hold without a search, ${trials.join(", then ")}`);
  if (config.minutes !== undefined) print(`  time: ${minutesText(config.minutes, config.trials)}`);
  print(`  successive halving: ${halvingNote}`);
  print(`objective: ${objective}`);
  print(`never seen: ${neverSeen}\nwithheld: ${withheld}\n${statement}`);
}

function rangeText(dimension: PreparedTune["space"][number]): string {
  if (dimension.scale === "choice") return `one of ${dimension.choices.join(", ")}`;
  return `${dimension.low} to ${dimension.high}, ${dimension.scale} scale`;
}

function minutesText(minutes: number, trials: number | undefined): string {
  return `no trial starts after ${plural(minutes, "minute")}${trials === undefined ? "; until then the search is repeated" : ""}`;
}
