export const KiB = 1_024;
export const MiB = 1_024 * KiB;
export const GiB = 1_024 * MiB;

/** `1.5 MiB`. */
export function inMiB(bytes: number): string {
  return `${(bytes / MiB).toFixed(1)} MiB`;
}
