/** `npm test` after set-up: the static checks, then all tests. The last line says `N passed, N failed`. */
import { runStaticChecks, runTests } from "./checks.ts";

await runTests([], runStaticChecks());
