import type IsolatedVm from "isolated-vm";

export type IsolatedVmModule = typeof IsolatedVm;

/**
 * The package has binaries for some platforms and versions of Node only; elsewhere this baseline is missing.
 */
export async function loadIsolatedVm(): Promise<IsolatedVmModule | undefined> {
  try {
    return (await import("isolated-vm")).default;
  } catch {
    return undefined;
  }
}

/** Printed once for each bench without this baseline. */
export const isolatedVmMissing =
  "isolated-vm is skipped: its package has no binary for this platform and version of Node.";
