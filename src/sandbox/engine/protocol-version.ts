import { DuraniumError } from "../../domain/errors.ts";

/**
 * The version of the protocol between host and guest: the host interface of `wit/runtime.wit`, and the shapes
 * of the JSON that passes through it. An image has the version of the engine that
 * it was made with.
 */
export const protocolVersion = 1;

/**
 * The versions that this host supports: that of the engines that it builds, and earlier ones. If a version is
 * missing here, executions with its engines wait for an executor that supports it.
 */
const supportedVersions: readonly number[] = [protocolVersion];

/** @throws {DuraniumError} `protocol-unsupported` */
export function assertSupportedProtocol(version: number): void {
  if (supportedVersions.includes(version)) return;
  throw new DuraniumError(
    "protocol-unsupported",
    `This executor cannot run an engine of protocol version ${version}. It supports ${supportedVersions.join(", ")}. The execution waits for an executor that supports ${version}`,
  );
}
