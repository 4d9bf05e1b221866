/**
 * How threads wait for work. OpenBLAS and OpenMP keep separate threads, and by default each spins before it sleeps: OpenBLAS's for
 * tens of milliseconds after every matrix product, on a core that the next operator's threads need (docs/explanation/native.md).
 */
import { environmentSets } from "../util/environment.ts";

/**
 * Variables that make threads sleep soon, for the libraries to read when they are loaded; none where the user has set one of them.
 * Where the user has chosen a policy for OpenMP, only OpenBLAS is told.
 */
export function waitingVariables(): Record<string, string> {
  if (environmentSets("OPENBLAS_THREAD_TIMEOUT", "GOMP_SPINCOUNT")) return {};
  const openblas = { OPENBLAS_THREAD_TIMEOUT: "4" }; // 2^4 processor cycles: the least it takes
  return environmentSets("OMP_WAIT_POLICY") ? openblas : { ...openblas, GOMP_SPINCOUNT: "1000" };
}
