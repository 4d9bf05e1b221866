/** The command line as records keep it: without what would name a person. */

/** Values of `--where COLUMN=VALUE` are left out; the column stays. */
export function keptCommand(command: readonly string[]): string[] {
  return command.map((word, i) => {
    if (word.startsWith("--where=")) return `--where=${withoutValue(word.slice("--where=".length))}`;
    return command[i - 1] === "--where" ? withoutValue(word) : word;
  });
}

function withoutValue(condition: string): string {
  return condition.replace(/=.*$/s, "=…");
}
