/** Thrown when work stopped because it was asked to; nothing is lost, the last checkpoint goes on from there. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";

  constructor() {
    super("interrupted: the state was saved");
  }
}
