/** A command with options that belong to something chosen by name: it looks for the names first, and parses everything then. */
import { Command, type Option, type ParseOptionsResult } from "@commander-js/extra-typings";
import { CoppiceError, invariant } from "../util/errors.ts";
import { type Choice, choosableWords, chosenFrom, flagsOf, ownerOf } from "./choice.ts";

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
    const flags = flagsOf(choice, chosen, asksForHelp && !areGiven);
    this.#refuseOwn(choice, flags);
    for (const flag of flags) this.addOption(flag);
    if (areGiven) this.addHelpText("after", chosen.map(choosableWords).join("\n"));
  }

  /** A user's definition may call an option as the command calls another thing. @throws CoppiceError E_ARG naming whose option it is */
  #refuseOwn(choice: Choice, flags: readonly Option[]): void {
    const own = [...this.options, ...(this.parent?.options ?? [])].map(({ long }) => long);
    const clash = flags.find(({ long }) => long === "--help" || own.includes(long));
    if (clash === undefined) return;
    const { owner, option } = ownerOf(choice, clash.long ?? "");
    throw new CoppiceError(
      "E_ARG",
      `${owner}: expected no option named ${option}, since ${clash.long} is one of coppice ${this.name()}, got one`,
      { hint: "give the option of the definition another name" },
    );
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
