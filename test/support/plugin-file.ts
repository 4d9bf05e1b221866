/** Files of a user's own, as they are loaded with `--plugin`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "./temporary-folder.ts";

/** A method in TypeScript that scales every weight, by a factor in a file beside it. @returns the path of the file */
export function methodFile(name: string, folder: string = temporaryFolder()): string {
  writeFileSync(join(folder, "factor.ts"), "export const factor: number = 0.5;\n");
  const file = join(folder, `${name}.ts`);
  writeFileSync(
    file,
    `import { defineMethod } from "coppice/unlearn";
import { noGrad } from "coppice/torch";
import { factor } from "./factor.ts";

interface ScaleOptions {
  readonly times: number;
}

export const method = defineMethod<ScaleOptions>({
  name: "${name}",
  title: "Scale",
  description: "scales every weight",
  source: "a test",
  cost: "nothing",
  needs: { retain: false, forget: true, start: "original" },
  options: { times: { type: "integer", default: 1, min: 1, description: "how often", source: "a test" } },
  async run({ model }, { times }) {
    noGrad(() => {
      for (const parameter of model.parameters()) parameter.mul_(factor ** times);
    });
    return {};
  },
});
`,
  );
  return file;
}
