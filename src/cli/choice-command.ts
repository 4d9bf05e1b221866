/** A command with options that belong to something chosen by name: it looks for the names first, and parses everything then. */
import { Command, type ParseOptionsResult } from "@commander-js/extra-typings";
import { invariant } from "../util/errors.ts";
import { type Choice, choosableWords, chosenFrom, flagsOf } from "./choice.ts";

export class ChoiceCommand extends Command {
  readonly #choices: readonly Choice[];

  constructor(name: string, ...choices: readonly Choice[]) {
    super(name);
    this.#choices = choices;
  }

  override parseOptions(argv: string[]): ParseOptionsResult {
    for (const choice of this.#choices) this.#addFlags(choice, argv);
    return super.parseOptions(argv);
  }

  /** @throws CoppiceError E_ARG for an unknown name */
  #addFlags(choice: Choice, argv: string[]): void {
    const { names, areGiven } = this.#namesIn(argv, choice);
    const chosen = chosenFrom(choice, names);
    const asksForHelp = argv.includes("--help") || argv.includes("-h");
    for (const flag of flagsOf(choice, chosen, asksForHelp && !areGiven)) this.addOption(flag);
    if (areGiven) this.addHelpText("after", chosen.map(choosableWords).join("\n"));
  }

  /** What the choice's flag says, or its default. */
  #namesIn(argv: string[], { flag }: Choice): { names: readonly string[]; areGiven: boolean } {
    const option = this.options.find(({ long }) => long === flag);
    invariant(option, `${this.name()} has no ${flag}`);
    const firstPass = new Command(this.name()).copyInheritedSettings(this).addOption(option);
    firstPass.parseOptions(argv);
    const name = option.attributeName();
    const value = (firstPass.opts() as Readonly<Record<string, string | string[] | undefined>>)[name];
    return {
      names: value === undefined ? [] : [value].flat(),
      areGiven: firstPass.getOptionValueSource(name as never) === "cli",
    };
  }
}
