/** `npm run check`, the fast loop: format, lint, types, lines of code, unit and rules tests. */
import { printLines, runStaticChecks, runTests } from "./checks.ts";

printLines();
await runTests(["unit", "rules"], runStaticChecks());
