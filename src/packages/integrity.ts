import ssri from "ssri";
import { packageRefused } from "./package-refused.ts";

/** The integrity of a tarball as `package-lock.json` has it. */
export function integrityOf(tarball: Uint8Array): string {
  return ssri.fromData(Buffer.from(tarball), { algorithms: ["sha512"] }).toString();
}

/**
 * What a registry states about a tarball: the digests by the strongest of its algorithms. Empty if none is valid, or only by an
 * algorithm that no registry of packages uses.
 */
export function readIntegrity(text: string): string {
  const stated = text.length > maxIntegrityLength ? null : ssri.parse(text);
  const algorithm = algorithms.find((each) => stated?.[each] !== undefined) ?? "";
  const digests = (stated?.[algorithm] ?? []).map(({ digest }) => digest);
  const valid = digests.filter((digest) => /^[A-Za-z0-9+/]+={0,2}$/.test(digest));
  return [...new Set(valid)].map((digest) => `${algorithm}-${digest}`).join(" ");
}

/** Strongest first. The oldest packages have a SHA-1 only. */
const algorithms = ["sha512", "sha384", "sha256", "sha1"];
const maxIntegrityLength = 1_000;

/**
 * Compares a downloaded tarball with the integrity that the registry states for it, by the strongest of its algorithms.
 *
 * @param integrity from `readIntegrity`
 * @param what the package as errors name it
 * @throws {DuraniumError} `package-refused`
 */
export function assertIntegrity(tarball: Uint8Array, integrity: string, what: string): void {
  if (integrity === "") throw packageRefused(what, "the registry states no valid integrity for it");
  if (ssri.checkData(Buffer.from(tarball), integrity) !== false) return;
  const hint =
    "The registry or something between it and this server has changed the file. Do not use it before you know why";
  throw packageRefused(what, `its tarball has not the integrity that the registry states: ${integrity}`, {
    hint,
  });
}
