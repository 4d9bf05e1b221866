/** Definitions of one kind by name: the built-in ones, and those that a caller adds while the process runs. */
import { expectChoice } from "./assert.ts";
import { CoppiceError, invariant } from "./errors.ts";
import { shown } from "./shown.ts";

export class Registry<Definition extends { readonly name: string }> {
  readonly #kind: string;
  readonly #check: (definition: Definition) => void;
  readonly #definitions: Definition[] = [];
  readonly #builtIn: ReadonlySet<string>;

  /**
   * @param kind what a definition is called in errors, as `method`
   * @param check refuses a definition that lacks something: it may come from outside of TypeScript
   */
  constructor(kind: string, builtIn: readonly Definition[], check: (definition: Definition) => void = () => undefined) {
    this.#kind = kind;
    this.#check = check;
    for (const definition of builtIn) this.add(definition);
    this.#builtIn = new Set(this.names);
  }

  /** Built-in definitions in the order of the documentation, then the added ones. It grows with each that is added. */
  get all(): readonly Definition[] {
    return this.#definitions;
  }

  get names(): readonly string[] {
    return this.#definitions.map(({ name }) => name);
  }

  /** Whether Coppice has it, and no user has added it. */
  isBuiltIn(name: string): boolean {
    return this.#builtIn.has(name);
  }

  /** @throws CoppiceError E_ARG for an unknown name, with the nearest one as a hint */
  named(name: string): Definition {
    const known = expectChoice(this.#kind, name, this.names);
    const found = this.#find(known);
    invariant(found, `no ${this.#kind} ${name}`);
    return found;
  }

  /** @throws CoppiceError E_ARG for a definition that lacks something, or whose name is taken */
  add(definition: Definition): Definition {
    this.#check(definition);
    if (this.#find(definition.name) !== undefined) {
      throw new CoppiceError(
        "E_ARG",
        `${this.#kind}: expected a name that is not taken, got ${shown(definition.name)}`,
        {
          hint: `taken are ${this.names.join(", ")}`,
        },
      );
    }
    this.#definitions.push(definition);
    return definition;
  }

  /**
   * A definition by its name, or as it is given: then it can be found by its name from now on, in this process.
   * @throws CoppiceError E_ARG as `named` and `add`
   */
  resolve(nameOrDefinition: string | Definition): Definition {
    if (typeof nameOrDefinition === "string") return this.named(nameOrDefinition);
    const known = this.#definitions.includes(nameOrDefinition);
    return known ? nameOrDefinition : this.add(nameOrDefinition);
  }

  #find(name: string): Definition | undefined {
    return this.#definitions.find((definition) => definition.name === name);
  }
}
