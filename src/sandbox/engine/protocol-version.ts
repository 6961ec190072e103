import { DuraniumError } from "../../domain/errors.ts";

/**
 * The version of what host and guest say to each other: the host interface of `wit/runtime.wit`, and the
 * shapes of the JSON that goes through it. An image speaks the version of the engine that it was made with.
 */
export const protocolVersion = 1;

/**
 * The versions that this host speaks: that of the engines that it builds, and those of older ones. Without
 * its version here an execution in flight waits for an executor that has it.
 */
const spokenVersions: readonly number[] = [protocolVersion];

/** @throws {DuraniumError} `protocol-unsupported` */
export function assertSupportedProtocol(version: number): void {
  if (spokenVersions.includes(version)) return;
  throw new DuraniumError(
    "protocol-unsupported",
    `This executor cannot run a version whose engine speaks protocol ${version}: it speaks ${spokenVersions.join(", ")}. The execution waits for an executor that speaks ${version}`,
  );
}
