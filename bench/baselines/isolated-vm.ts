import type IsolatedVm from "isolated-vm";

export type IsolatedVmModule = typeof IsolatedVm;

/** Its package brings binaries for some platforms and versions of Node; elsewhere there is no such baseline. */
export async function loadIsolatedVm(): Promise<IsolatedVmModule | undefined> {
  try {
    return (await import("isolated-vm")).default;
  } catch {
    return undefined;
  }
}

/** Told once for each bench that misses it. */
export const isolatedVmMissing =
  "isolated-vm is left out: its package has no binary for this platform and version of Node.";
